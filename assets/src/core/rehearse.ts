// A rehearsal: a made-up cluster with made-up frames in flight, to see what a browser and a projector
// can draw, and for tests of the drawing. /?rehearse=1000,2000 is a thousand nodes and two thousand
// frames. Nothing of it reaches a lab, and the stage says that it is made up.

import { LONGEST } from "../stage/flights.ts";
import { desk } from "./desk.ts";
import { count } from "./format.ts";
import { Kind, type Frame } from "./frames.ts";
import type { Belief, NodeView, Snapshot } from "./wire.ts";
import { t } from "./words.ts";

/** Frames come in so many portions a second, as from a lab. */
const PORTIONS = 20;

/** Beliefs of more nodes than these are not made up: their number is the square of it. */
const BELIEVERS = 120;

/** What flies, in the proportions of a cluster under load with an election in it: of RARE frames, one of each. */
const MIX = [Kind.Ping, Kind.Pong, Kind.Ping, Kind.Pong, Kind.Replication];
const ELECTION = [Kind.Fail, Kind.AuthRequest, Kind.AuthAck];
const RARE = 40;

/** What can be wrong with a node, in the order in which a rehearsal of it shows it, from the last node on. */
const ILLS: readonly Partial<NodeView>[] = [
  { state: "crashed", why: "runtime error: index out of range [5] with length 5" }, { state: "frozen" }, { state: "killed" },
  { state: "starting" }, { linkUp: false }, { lag: 81_920 }, { election: { epoch: 9, votes: 1, needed: 2, due: 0 } },
];

/** rehearse fills the page from "nodes,frames"; with a third word, some of the nodes are not well. */
export function rehearse(spec: string): void {
  const [nodes = 6, frames = 0] = spec.split(",").map((n) => Math.max(0, Math.trunc(Number(n) || 0)));
  desk.rehearsal.value = t("stage.rehearsal", { nodes: count(nodes), frames: count(frames) });
  const snapshot = snapshotOf(nodes);
  if (spec.split(",").length > 2) ILLS.forEach((ill, i) => Object.assign(snapshot.nodes[nodes - 1 - i] ?? {}, ill));
  desk.hear({ type: "snapshot", snapshot }, performance.now());
  desk.store.connection.value = "live";
  let id = 0;
  let last = performance.now();
  setInterval(() => {
    const { virtual, wall } = desk.times();
    const portion = Math.min(frames, Math.round((frames * (wall - last)) / LONGEST));
    last = wall;
    desk.fly({ total: portion, list: Array.from({ length: portion }, () => frameOf(id++, nodes, virtual)) });
  }, 1000 / PORTIONS);
}

function kindOf(id: number): number {
  return ELECTION[id % RARE] ?? MIX[id % MIX.length]!;
}

/** frameOf goes from one node to another; which ones follows from its number, so that every rehearsal is the same. */
function frameOf(id: number, nodes: number, sent: number): Frame {
  const from = (id * 7919) % nodes;
  const to = (from + 1 + ((id * 104_729) % Math.max(1, nodes - 1))) % nodes;
  return {
    id, kind: kindOf(id), dropped: false, held: false, from: 7000 + from, to: 7000 + to,
    aux: 0, bytes: 2256, sent, arrived: sent + LONGEST,
  };
}

function snapshotOf(nodes: number): Snapshot {
  const shards = Math.max(1, Math.ceil(nodes / 2));
  return {
    seq: 1, lab: "rehearsal", seed: 42, now: 0, wall: 0, clock: { speed: 1, paused: false }, links: "memory", state: "ok",
    topology: "cluster", slotsCovered: 16384, epoch: shards, nodes: Array.from({ length: nodes }, (_, i) => nodeOf(i, nodes, shards)),
    rules: [], held: [], moves: [], story: [],
    load: { rate: 0, running: false, acked: 0, replicated: 0, lost: 0, unknown: 0, errors: 0 },
  };
}

function nodeOf(i: number, nodes: number, shards: number): NodeView {
  const master = i < shards;
  const shard = i % shards;
  const from = Math.round((16384 * shard) / shards);
  const to = Math.round((16384 * (shard + 1)) / shards) - 1;
  const name = String(7000 + i);
  return {
    id: name.repeat(10), port: 7000 + i, bus: 17000 + i, name, role: master ? "master" : "replica",
    master: master ? "" : String(7000 + shard), shard: letterOf(shard), state: "up", why: "", flags: [], epoch: shard + 1,
    currentEpoch: shards, offset: 1000, lag: 0, replid: "", replid2: "", linkUp: !master, slots: master ? [[from, to]] : [],
    keys: 100, ops: 5, memory: 1e6, clients: 1, clusterState: "ok", migrating: [], importing: [], election: null,
    beliefs: nodes > BELIEVERS ? [] : Array.from({ length: nodes }, (_, j) => beliefOf(i, j, shards)).filter((b) => b.node !== name),
  };
}

/** beliefOf makes a few nodes doubt one, so that there is something to see. */
function beliefOf(observer: number, subject: number, shards: number): Belief {
  const flags = [subject < shards ? "master" : "slave"];
  if (subject === 1 && observer % 3 === 0) flags.push("fail?");
  return {
    node: String(7000 + subject), id: "", flags, epoch: (subject % shards) + 1, link: true, slots: "",
    master: subject < shards ? "" : String(7000 + (subject % shards)), pongAge: 200,
  };
}

/** letterOf names a shard as the lab does: A to Z, then AA. */
function letterOf(rank: number): string {
  return rank < 26 ? String.fromCharCode(65 + rank) : letterOf(Math.floor(rank / 26) - 1) + letterOf(rank % 26);
}
