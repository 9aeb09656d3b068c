// <side-panel>: tabs that follow the keyboard, and open when something asks for them.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { set } from "../core/dom.ts";

/** SidePanel shows one panel at a time. */
export class SidePanel extends HTMLElement {
  private get tabs(): HTMLButtonElement[] {
    return [...this.querySelectorAll<HTMLButtonElement>(":scope > .tabs > [role=tab]:not([hidden])")];
  }

  connectedCallback(): void {
    this.addEventListener("click", (event) => {
      const tab = this.tabs.find((t) => t === event.target);
      if (tab) this.open(tab);
    });
    this.addEventListener("keydown", (event) => this.key(event));
    desk.show.on((name) => {
      const tab = this.tabs.find((t) => t.id === `tab-${name}`);
      if (!tab) return;
      this.open(tab);
      document.documentElement.dataset.side = "open";
    });
    effect(() => {
      void desk.kind.value; // the open tab may have gone
      queueMicrotask(() => this.tabs.some((t) => t.ariaSelected === "true") || this.open(this.tabs[0]!));
    });
    effect(() => {
      this.count("tab-network", desk.store.rules.value.length);
    });
    effect(() => {
      this.count("tab-slots", desk.store.moves.value.filter((m) => m.state !== "done").length);
    });
  }

  private open(tab: HTMLButtonElement): void {
    for (const other of this.querySelectorAll<HTMLButtonElement>(":scope > .tabs > [role=tab]")) {
      const chosen = other === tab;
      set(other, "aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      const panel = document.getElementById(other.getAttribute("aria-controls")!);
      if (panel) panel.hidden = !chosen;
    }
  }

  private key(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = this.tabs.indexOf(event.target as HTMLButtonElement);
    if (step === 0 || at < 0) return;
    const next = this.tabs[(at + step + this.tabs.length) % this.tabs.length]!;
    this.open(next);
    next.focus();
  }

  /** count puts a number on a tab, so that what goes on behind it is not forgotten. */
  private count(id: string, n: number): void {
    const tab = this.querySelector(`#${id}`);
    if (tab) set(tab, "data-count", n > 0 ? n : undefined);
  }
}
