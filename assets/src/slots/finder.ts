// <slot-finder>: from a key to its slot, step by step: the hash tag, CRC16, modulo, the owner.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { el, ref, rows } from "../core/dom.ts";
import { t } from "../core/words.ts";
import { bindCopyLine } from "../panels/copyline.ts";
import { hashKey } from "./key.ts";
import { territoryOf } from "./owners.ts";
import { cursor } from "./picked.ts";
import { typedLine } from "./quote.ts";

/** SlotFinder shows how a key is hashed and moves the map's cursor to its slot. */
export class SlotFinder extends HTMLElement {
  private show!: (command: string) => void;

  connectedCallback(): void {
    this.show = bindCopyLine(this);
    const input = ref<HTMLInputElement>(this, "key");
    input.addEventListener("input", () => this.find());
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") document.querySelector<HTMLElement>("slot-map [role=slider]")?.focus();
    });
    effect(() => {
      void desk.store.nodes.value;
      this.tell();
    });
  }

  private get key(): string {
    return ref<HTMLInputElement>(this, "key").value;
  }

  private find(): void {
    if (this.key !== "") cursor.value = hashKey(this.key).slot;
    this.tell();
  }

  private tell(): void {
    const { key } = this;
    ref(this, "findhint").hidden = key !== "";
    this.show(key === "" ? "" : `CLUSTER KEYSLOT ${typedLine(key)}`);
    if (key === "") {
      ref(this, "hashed").replaceChildren();
      return rows(ref(this, "sums"), []);
    }
    const { before, hashed, after, crc, slot } = hashKey(key);
    ref(this, "hashed").replaceChildren(before, el("mark", {}, hashed), after);
    const territory = territoryOf(desk.store.nodes.peek(), desk.verdicts.peek());
    const owner = territory.owners[territory.of[slot]!];
    rows(ref(this, "sums"), [
      { label: "CRC16", value: `0x${crc.toString(16).padStart(4, "0")} = ${crc}` },
      { label: "mod 16384", value: String(slot) },
      { label: t("slotmap.owner"), value: owner ? `${owner.node.shard} ${owner.node.name}` : t("slotmap.nobody"), bad: !owner?.served },
    ]);
  }
}
