// The moment shown and the one in the address are the same: a trainer can paste it, and whoever sets
// desk.at goes there.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly } from "../core/dom.ts";

/** A moving picture writes its moment into the address this often, in milliseconds. */
const EVERY = 500;

/** bindMoment keeps the past and desk.at together. */
export function bindMoment(): void {
  const { past } = desk;
  let agreed: number | null = null;
  const tell = calmly(EVERY, () => {
    const head = past.head.peek();
    agreed = head === null ? null : Math.round(head);
    desk.at.value = agreed;
  });
  effect(() => {
    const at = desk.at.value;
    if (at === agreed) return;
    agreed = at;
    if (at === null) past.live();
    else past.seek(at);
  });
  effect(() => {
    void past.head.value;
    tell();
  });
}
