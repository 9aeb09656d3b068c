// <load-panel>: the background writers and the ledger of what was promised and what was kept.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, ref, rows } from "../core/dom.ts";
import { count } from "../core/format.ts";
import { t } from "../core/words.ts";
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
      { label: t("load.writing"), value: l.running ? t("load.persecond", { n: count(l.rate) }) : t("load.stopped") },
      ...(l.target ? [{ label: t("load.target"), value: l.target }] : []),
      { label: t("load.acked"), value: count(l.acked) },
      { label: t("load.replicated"), value: count(l.replicated) },
      { label: t("load.gone"), value: count(l.lost), bad: l.lost > 0 },
      { label: t("load.unknown"), value: count(l.unknown) },
      { label: t("load.refused"), value: count(l.errors) },
    ]);
  }
}
