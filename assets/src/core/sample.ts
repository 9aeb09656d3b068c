// Made-up nodes for tests.

import type { NodeView } from "./wire.ts";

/** node makes a healthy master and lets a test say what is different. */
export function node(name: string, shard: string, over: Partial<NodeView> = {}): NodeView {
  return {
    id: name.repeat(10), port: Number(name), bus: Number(name) + 10000, name, role: "master", master: "", shard,
    state: "up", why: "", flags: ["master"], epoch: 1, currentEpoch: 1, offset: 0, lag: 0, replid: "", replid2: "",
    linkUp: false, slots: [], keys: 0, ops: 0, memory: 0, clients: 0, clusterState: "ok", beliefs: [], migrating: [],
    importing: [], election: null, ...over,
  };
}

/** believing makes a belief about a node, with flags. */
export function believing(name: string, ...flags: string[]) {
  return { node: name, id: "", flags, epoch: 1, link: true, slots: "", master: "", pongAge: 1 };
}
