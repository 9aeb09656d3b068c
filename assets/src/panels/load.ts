// <load-panel>: the background writers and the ledger of what was promised and what was kept.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, ref, rows } from "../core/dom.ts";
import { count } from "../core/format.ts";
import { bindForm, number } from "./forms.ts";

/** LoadPanel starts and stops the load and keeps its books. */
export class LoadPanel extends HTMLElement {
  connectedCallback(): void {
    bindForm(ref<HTMLFormElement>(this, "form"), "load", (data) => ({ rate: number(data, "rate") }));
    const stop = ref<HTMLButtonElement>(this, "stop");
    stop.addEventListener("click", () => void desk.run("load", { rate: 0 }));
    const render = calmly(200, () => this.render());
    effect(() => {
      stop.disabled = !desk.store.load.value.running;
      render();
    });
  }

  private render(): void {
    const l = desk.store.load.peek();
    rows(ref(this, "ledger"), [
      { label: "writing", value: l.running ? `${count(l.rate)}/s` : "stopped" },
      { label: "acknowledged", value: count(l.acked) },
      { label: "on a replica", value: count(l.replicated) },
      { label: "lost", value: count(l.lost), bad: l.lost > 0 },
      { label: "unknown", value: count(l.unknown) },
      { label: "refused", value: count(l.errors) },
    ]);
  }
}
