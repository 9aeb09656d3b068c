// What a viewer has pointed at on the map or the ribbon, shared with the form that moves slots.

import { signal } from "@preact/signals-core";
import { SLOTS } from "../core/slots.ts";
import type { NodeView } from "../core/wire.ts";
import { inBand, type Band } from "./grid.ts";

/** cursor is the slot the keyboard or a click stands on. */
export const cursor = signal<number | null>(null);

/** hover is the slot under the pointer. */
export const hover = signal<number | null>(null);

/** band is the run of slots chosen to be moved. */
export const band = signal<Band | null>(null);

/** target is the master onto which a band was dropped. */
export const target = signal<string | null>(null);

/** partOf is what of a band a master owns, as move-slots reads it: "0-99,200-200"; "" for nothing. */
export function partOf(chosen: Band, master: NodeView): string {
  return master.slots
    .map(([from, to]) => [Math.max(from, chosen[0]), Math.min(to, chosen[1])] as const)
    .filter(([from, to]) => from <= to)
    .map(([from, to]) => `${from}-${to}`)
    .join(",");
}

/** givers are the masters that own something of a band, the owner of its first slot first. */
export function givers(chosen: Band, nodes: readonly NodeView[]): NodeView[] {
  const first = (n: NodeView) => Math.min(...n.slots.filter(([from, to]) => to >= chosen[0] && from <= chosen[1]).map(([from]) => from), SLOTS);
  return nodes.filter((n) => n.role === "master" && n.slots.some(([from, to]) => inBand(chosen, from) || inBand([from, to], chosen[0])))
    .sort((a, b) => first(a) - first(b));
}
