// Who owns each slot, and whether anybody serves it: what the map draws.

import { countSlots, SLOTS } from "../core/slots.ts";
import { CALM, isDown, type Verdict } from "../core/verdict.ts";
import type { NodeView } from "../core/wire.ts";

/** One owner of slots as the map draws it. */
export interface Owner {
  node: NodeView;
  /** served is false while the owner is down or the others have declared that it failed. */
  served: boolean;
  slots: number;
}

/** The whole map: owners, and the index of the owner of each slot; -1 where there is none. */
export interface Territory {
  owners: Owner[];
  of: Int16Array;
}

/** territoryOf finds each slot's owner. Of two that claim a slot, the greater config epoch has it. */
export function territoryOf(nodes: readonly NodeView[], verdicts: ReadonlyMap<string, Verdict>): Territory {
  const masters = nodes.filter((n) => n.role === "master" && n.slots.length > 0).sort((a, b) => a.epoch - b.epoch);
  const of = new Int16Array(SLOTS).fill(-1);
  masters.forEach((n, i) => {
    for (const [from, to] of n.slots) of.fill(i, from, to + 1);
  });
  const owners = masters.map((node) => ({
    node, slots: countSlots(node.slots),
    served: !isDown(node) && node.state !== "frozen" && (verdicts.get(node.name) ?? CALM).fail === 0,
  }));
  return { owners, of };
}

/** A run of neighbouring slots with one owner; -1 is nobody. */
export interface Run {
  from: number;
  to: number;
  owner: number;
}

/** runsOf cuts the slot space where the owner changes. */
export function runsOf({ of }: Territory): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < SLOTS;) {
    let to = from;
    while (to + 1 < SLOTS && of[to + 1] === of[from]) to++;
    runs.push({ from, to, owner: of[from]! });
    from = to + 1;
  }
  return runs;
}
