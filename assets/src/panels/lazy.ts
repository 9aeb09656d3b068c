// A panel whose script comes when it is first seen: most labs and most visits need none of it.

import { ref, say } from "../core/dom.ts";
import { t } from "../core/words.ts";

/** Part is what a panel's script offers. */
interface Part {
  start(panel: HTMLElement): void;
}

/** lazily makes the element of a panel that is filled by a script loaded later. */
export function lazily(load: () => Promise<Part>): CustomElementConstructor {
  return class extends HTMLElement {
    private asked = false;

    connectedCallback(): void {
      new ResizeObserver(() => {
        if (!this.asked && this.checkVisibility()) void this.fill();
      }).observe(this);
    }

    private async fill(): Promise<void> {
      this.asked = true;
      const veil = ref(this, "veil");
      say(veil, t("lazy.loading"));
      try {
        (await load()).start(this);
        veil.hidden = true;
      } catch {
        this.asked = false; // it is asked for again when it is next seen
        say(veil, t("lazy.broken"));
      }
    }
  };
}
