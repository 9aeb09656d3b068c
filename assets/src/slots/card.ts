// <slot-card>: everything about one slot: its owner, its keys by name, what is under way with it.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref, rows, say } from "../core/dom.ts";
import { count } from "../core/format.ts";
import { t } from "../core/words.ts";
import { bindCopyLine } from "../panels/copyline.ts";
import { territoryOf } from "./owners.ts";
import { cursor, hover } from "./picked.ts";
import { holdersOf, loads, looks, type Holder } from "./watch.ts";

/** A slot is asked about when the pointer has rested on it for so long, in milliseconds. */
const REST = 120;

/** SlotCard follows the pointer, and the cursor when there is none. */
export class SlotCard extends HTMLElement {
  private show!: (command: string) => void;
  private asked = -1;
  private holders: Holder[] = [];

  connectedCallback(): void {
    this.show = bindCopyLine(this);
    const ask = calmly(REST, () => void this.ask());
    effect(() => {
      void [cursor.value, hover.value, looks.value];
      ask();
    });
    const tell = calmly(REST, () => this.tell());
    effect(() => {
      void [cursor.value, hover.value, desk.store.nodes.value, looks.value];
      tell();
    });
  }

  private get pointed(): number | null {
    return hover.peek() ?? cursor.peek();
  }

  private async ask(): Promise<void> {
    const slot = this.pointed;
    if (slot === null) return;
    try {
      const holders = await holdersOf(slot);
      if (this.pointed !== slot) return;
      this.asked = slot;
      this.holders = holders;
    } catch {
      this.holders = [];
    }
    this.tell();
  }

  private tell(): void {
    const slot = this.pointed;
    ref(this, "point").hidden = slot !== null && !desk.past.past;
    say(ref(this, "point"), t(slot === null ? "slotmap.point" : "slotmap.unrecorded"));
    say(ref(this, "slot"), slot === null ? t("slotmap.slot") : `slot ${slot}`);
    this.show(slot === null ? "" : `CLUSTER GETKEYSINSLOT ${slot} 10`);
    const holders = slot !== null && this.asked === slot && !desk.past.past ? this.holders : [];
    list(ref(this, "holders"), holders.filter((h) => h.role === "master"), (h) => h.node, () => el(
      "li", {}, el("strong"), el("ul"),
    ), (item, h) => {
      say(item.firstElementChild!, `${h.node} · ${t("slotmap.count", { keys: count(h.keys) })}`);
      const names = [...(h.names ?? [])];
      list(item.lastElementChild!, names, (name) => name, (name) => el("li", { title: name }, name), () => {});
    });
    rows(ref(this, "facts"), slot === null ? [] : factsOf(slot));
  }
}

/** factsOf lists what the page knows of a slot. */
function factsOf(slot: number): { label: string; value: string; bad?: boolean }[] {
  const nodes = desk.store.nodes.peek();
  const territory = territoryOf(nodes, desk.verdicts.peek());
  const owner = territory.owners[territory.of[slot]!];
  const facts = [{ label: t("slotmap.owner"), value: owner ? `${owner.node.shard} ${owner.node.name}` : t("slotmap.nobody"), bad: !owner?.served }];
  if (!desk.past.past || loads.known) {
    facts.push({ label: t("fact.keys"), value: count(loads.keys[slot]!), bad: false });
    facts.push({ label: t("fact.ops"), value: rateText(loads.rate[slot]!), bad: false });
  }
  for (const n of nodes) {
    const out = n.migrating.find((m) => m.slot === slot);
    const into = n.importing.find((m) => m.slot === slot);
    if (out) facts.push({ label: `${n.name} MIGRATING`, value: `→ ${out.to}`, bad: false });
    if (into) facts.push({ label: `${n.name} IMPORTING`, value: `← ${into.from}`, bad: false });
  }
  return facts;
}

/** rateText writes a rate with a decimal while it is small. */
function rateText(rate: number): string {
  return rate > 0 && rate < 10 ? rate.toFixed(1) : count(rate);
}
