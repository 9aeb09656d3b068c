// How a shard is told from the others: a letter, a colour and a hatch. The letter is the shard's
// name; colour and hatch follow from its rank, so that no two of the first 36 look alike.

import type { NodeView } from "./wire.ts";

/** How many colours and hatches there are; tokens --shard-0 … and stage/hatch.ts hold them. */
export const COLOURS = 6;
export const HATCHES = 6;

/** What a shard looks like. */
export interface Look {
  letter: string;
  colour: number;
  hatch: number;
}

/** lookOf gives a shard's look. A shard without a name is drawn plain. */
export function lookOf(shard: string): Look {
  const rank = rankOf(shard);
  return { letter: shard || "–", colour: rank % COLOURS, hatch: (rank + Math.floor(rank / COLOURS)) % HATCHES };
}

/** rankOf turns a shard's letters into a number: A is 0, Z is 25, AA is 26. */
export function rankOf(shard: string): number {
  let rank = 0;
  for (const c of shard.toUpperCase()) {
    const digit = c.charCodeAt(0) - 64;
    if (digit < 1 || digit > 26) return 0;
    rank = rank * 26 + digit;
  }
  return Math.max(0, rank - 1);
}

/** letterOf is what stands in a node's shape: its shard, small for a replica; its role where there are no shards. */
export function letterOf(node: NodeView): string {
  if (node.role === "sentinel") return "S";
  if (node.stream) return node.role === "master" ? "M" : "R";
  return node.role === "master" ? node.shard : node.shard.toLowerCase();
}

/** isPlaced reports whether a node has its place: while a cluster forms, no node is in a shard. */
export function isPlaced(node: NodeView): boolean {
  return node.shard !== "" || node.stream !== undefined || node.role === "sentinel";
}

/** inShardOrder sorts nodes by shard, then port: the order of every list on the page. */
export function inShardOrder(nodes: NodeView[]): NodeView[] {
  return nodes.sort((a, b) => rankOf(a.shard) - rankOf(b.shard) || a.port - b.port);
}

/** shardsOf groups nodes by shard, in order. */
export function shardsOf(nodes: NodeView[]): Map<string, NodeView[]> {
  const shards = new Map<string, NodeView[]>();
  for (const node of nodes) {
    const members = shards.get(node.shard);
    if (members) members.push(node);
    else shards.set(node.shard, [node]);
  }
  return shards;
}
