// <address-row>: which address a client would get from each Sentinel now, and whether they agree.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref, say, set } from "../core/dom.ts";
import { addressesOf, agreed } from "../core/guards.ts";
import { t } from "../core/words.ts";

/** AddressRow stands below the stage of a lab with Sentinels. */
export class AddressRow extends HTMLElement {
  connectedCallback(): void {
    const render = calmly(100, () => this.render());
    effect(() => {
      void [desk.store.nodes.value, desk.store.load.value];
      render();
    });
  }

  private render(): void {
    const addresses = addressesOf(desk.store.nodes.peek());
    list(ref(this, "addresses"), addresses, (a) => a.sentinel.name, ({ sentinel }) => el(
      "li", {}, el("button", { type: "button", class: "quiet", click: () => this.choose(sentinel.name) }, el("span"), el("b")),
    ), (item, { sentinel, address }) => {
      const [who, where] = item.firstElementChild!.children as unknown as HTMLElement[];
      say(who!, `${sentinel.name} `);
      say(where!, address ? `→ ${address}` : `✕ ${t(`state.${sentinel.state}`)}`);
      set(item, "data-silent", address === "");
    });
    const same = agreed(addresses);
    set(this, "data-split", !same);
    const answers = addresses.some((a) => a.address !== "");
    say(ref(this, "agree"), t(!answers ? "addresses.none" : same ? "addresses.same" : "addresses.differ"));
    say(ref(this, "use"), t("addresses.use", { node: desk.store.load.peek().target || "–" }));
  }

  private choose(name: string): void {
    desk.selected.value = name;
    desk.show.tell("sentinels");
  }
}
