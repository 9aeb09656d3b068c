// Nodes by what somebody types of their names: among hundreds nobody looks for one with the eye.

import { inShardOrder } from "./shard.ts";
import type { NodeView } from "./wire.ts";

/** So many are offered at once. */
export const FOUND_UP_TO = 8;

/** findNodes lists the nodes whose names begin with what was typed: one word, and not an empty one. */
export function findNodes(nodes: readonly NodeView[], typed: string): NodeView[] {
  const word = typed.trim();
  if (word === "") return [];
  return inShardOrder(nodes.filter((n) => n.name.startsWith(word))).slice(0, FOUND_UP_TO);
}
