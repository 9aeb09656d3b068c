// Where everybody stands in the ring, and where there is room for their names.

import type { NodeView } from "../core/wire.ts";
import { fateOf } from "./fate.ts";

/** A mark on the ring: at which part of the way round, for whom. */
export interface Mark {
  part: number;
  names: string[];
  kind: "follows" | "partial";
}

/** partOf is where in a ring of size bytes the byte before offset stands: the ring is written round and round. */
export function partOf(offset: number, size: number): number {
  return size > 0 ? (offset % size) / size : 0;
}

/** marksOf puts everybody whose place is kept on the ring of a node; those at the same place are one mark. */
export function marksOf(of: NodeView, nodes: readonly NodeView[]): { marks: Mark[]; lost: string[] } {
  const { backlog, followers } = of.stream!;
  const marks: Mark[] = [];
  const lost: string[] = [];
  const put = (name: string, offset: number, kind: Mark["kind"]) => {
    const part = partOf(offset, backlog.size);
    const same = marks.find((m) => m.kind === kind && Math.abs(m.part - part) < 0.004);
    if (same) same.names.push(name);
    else marks.push({ part, names: [name], kind });
  };
  for (const node of nodes) {
    if (node.name === of.name || !node.stream) continue;
    const follower = followers.find((f) => f.node === node.name);
    if (follower?.state === "online") put(node.name, follower.ack, "follows");
    else if (fateOf(node, of).kind === "partial") put(node.name, node.offset, "partial");
    else lost.push(node.name);
  }
  return { marks, lost };
}

/** spread moves parts of a circle apart until neighbours are at least so far from each other. */
export function spread(parts: readonly number[], least: number): number[] {
  const order = parts.map((part, i) => ({ part, i })).sort((a, b) => a.part - b.part);
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < order.length && order.length > 1; i++) {
      const [a, b] = [order[i]!, order[(i + 1) % order.length]!];
      const apart = i + 1 < order.length ? b.part - a.part : b.part + 1 - a.part;
      if (apart >= least) continue;
      a.part -= (least - apart) / 2;
      b.part += (least - apart) / 2;
    }
  }
  const out = new Array<number>(parts.length);
  for (const { part, i } of order) out[i] = part;
  return out;
}
