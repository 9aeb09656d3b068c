// A history is a stream of writes, named by its replication id. Nodes with the same history hold the
// same data up to their offsets: they have the same colour and the same short name everywhere.

import { COLOURS } from "./shard.ts";
import type { NodeView } from "./wire.ts";

/** So much of a replication id is said aloud. */
const SPOKEN = 6;

const colours = new Map<string, number>();

/** historyColour is a history's colour: whoever is asked for first has the first, and each later one the next. */
export function historyColour(id: string): number {
  let colour = colours.get(id);
  if (colour === undefined) colours.set(id, colour = colours.size % COLOURS);
  return colour;
}

/** historyName is what people call a history; an id of zeros is none. */
export function historyName(id: string): string {
  return /^0*$/.test(id) ? "–" : id.slice(0, SPOKEN);
}

/** sameHistory reports whether all nodes that run hold the same stream. */
export function sameHistory(nodes: readonly NodeView[]): boolean {
  const alive = nodes.filter((n) => n.stream && n.state === "up");
  return alive.every((n) => n.replid === alive[0]!.replid);
}
