// Slot ranges: reading, counting, and cutting the ribbon.

import type { NodeView, SlotRange } from "./wire.ts";

/** How many slots a Redis Cluster has. */
export const SLOTS = 16384;

/** countSlots adds up ranges. */
export function countSlots(ranges: readonly SlotRange[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** One band of the ribbon: neighbouring slots of one shard. An empty shard is uncovered ground. */
export interface Band {
  from: number;
  to: number;
  shard: string;
  node: string;
}

/**
 * bandsOf cuts the whole slot space into bands by owner, uncovered ground included. Where two
 * masters claim a slot, as a dead one and its heir do, the greater config epoch has it.
 */
export function bandsOf(nodes: readonly NodeView[]): Band[] {
  const masters = nodes.filter((n) => n.role === "master").sort((a, b) => a.epoch - b.epoch);
  const owners = new Int16Array(SLOTS).fill(-1);
  masters.forEach((n, i) => {
    for (const [from, to] of n.slots) owners.fill(i, from, to + 1);
  });
  const bands: Band[] = [];
  for (let from = 0; from < SLOTS;) {
    let to = from;
    while (to + 1 < SLOTS && owners[to + 1] === owners[from]) to++;
    const owner = masters[owners[from]!];
    bands.push({ from, to, shard: owner?.shard ?? "", node: owner?.name ?? "" });
    from = to + 1;
  }
  return bands;
}

/** ownerOf names the band a slot lies in. */
export function ownerOf(bands: readonly Band[], slot: number): Band | undefined {
  return bands.find((b) => slot >= b.from && slot <= b.to);
}

/** parseSlots reads "0-99, 200" as ranges; it returns null when a word is not a slot or range. */
export function parseSlots(text: string): SlotRange[] | null {
  const ranges: SlotRange[] = [];
  for (const word of text.split(/[\s,]+/).filter(Boolean)) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word);
    if (!match) return null;
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (from > to || to >= SLOTS) return null;
    ranges.push([from, to]);
  }
  return ranges.length > 0 ? ranges : null;
}

/** whatToMove reads what to move: a plain number is a count, anything else must name slots. */
export function whatToMove(text: string): { count: number } | { slots: string } | null {
  const words = text.trim();
  if (/^\d{1,5}$/.test(words)) return Number(words) > 0 && Number(words) <= SLOTS ? { count: Number(words) } : null;
  return parseSlots(words) ? { slots: words } : null;
}
