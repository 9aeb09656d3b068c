// Sentinels among the nodes: what they believe of the others in the shape in which nodes believe.

import type { Belief, Election, NodeView, Opinion, SentinelView, Watch } from "./wire.ts";

const known = new WeakMap<SentinelView, NodeView>();

/** guardOf is a Sentinel as lists and the stage take it. The same Sentinel is the same node. */
export function guardOf(s: SentinelView): NodeView {
  let node = known.get(s);
  if (!node) known.set(s, node = made(s));
  return node;
}

function made(s: SentinelView): NodeView {
  const watch = s.watches[0];
  return {
    id: s.id, port: s.port, bus: 0, name: s.name, role: "sentinel", master: "", shard: "", state: s.state, why: s.why, flags: ["sentinel"],
    epoch: watch?.configEpoch ?? 0, currentEpoch: s.epoch, offset: 0, lag: 0, replid: "", replid2: "", linkUp: true, slots: [], keys: 0,
    ops: 0, memory: 0, clients: 0, clusterState: "ok", beliefs: (watch?.instances ?? []).map((o) => beliefOf(o, watch!)),
    migrating: [], importing: [], election: watch ? electionOf(s, watch) : null, sentinel: s,
  };
}

/** beliefOf is an opinion as a belief: SDOWN is its own suspicion (PFAIL), ODOWN what enough agree on (FAIL). */
function beliefOf(o: Opinion, watch: Watch): Belief {
  const down = o.down === "odown" ? ["fail"] : o.down === "sdown" ? ["fail?"] : [];
  const role = o.node === watch.current ? "master" : o.kind === "sentinel" ? "sentinel" : "slave";
  return {
    node: o.node, id: "", flags: [role, ...down], epoch: o.kind === "master" ? watch.configEpoch : o.leadEpoch, link: o.linked, slots: "",
    master: role === "slave" ? watch.current : "", pongAge: o.silent,
  };
}

/** electionOf is the votes that a Sentinel has while it wants to lead a failover. */
function electionOf(s: SentinelView, { failover, needed }: Watch): Election | null {
  if (failover.state !== "wait_start") return null;
  return { epoch: failover.epoch, votes: failover.votes.find((v) => v.for === s.name)?.count ?? 0, needed, due: 0 };
}

/** addressesOf is what a client is told that asks each running Sentinel for the master. */
export function addressesOf(nodes: readonly NodeView[]): { sentinel: NodeView; address: string }[] {
  return nodes.filter((n) => n.sentinel).map((n) => ({ sentinel: n, address: n.state === "up" ? n.sentinel!.watches[0]?.current ?? "" : "" }));
}

/** agreed reports whether all that answer say the same. */
export function agreed(addresses: readonly { address: string }[]): boolean {
  return new Set(addresses.map((a) => a.address).filter(Boolean)).size <= 1;
}
