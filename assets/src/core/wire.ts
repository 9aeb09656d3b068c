// The words the server and the page exchange. Every name here is part of the contract with
// package web; nothing here has behaviour.

import type { LessonProgress } from "./lesson.ts";

/** What a node is doing, as the lab (which sees everything) knows it. */
export type NodeState = "up" | "killed" | "frozen" | "crashed" | "stopped" | "starting";

/** One slot range, both ends included. */
export type SlotRange = readonly [from: number, to: number];

/** What one node believes about another. */
export interface Belief {
  node: string;
  id: string;
  flags: string[];
  epoch: number;
  link: boolean;
  slots: string;
  master: string; // whose replica it is held for; empty for a master
  pongAge: number;
}

/** A replica's running election. */
export interface Election {
  epoch: number;
  votes: number;
  needed: number;
  due: number;
}

/** One node, complete. */
export interface NodeView {
  id: string;
  port: number;
  bus: number;
  name: string;
  role: "master" | "replica" | "sentinel";
  master: string;
  behind?: string; // the node behind which it was put, whomever it follows now
  shard: string;
  state: NodeState;
  why: string;
  flags: string[];
  epoch: number;
  currentEpoch: number;
  offset: number;
  lag: number;
  replid: string;
  replid2: string;
  linkUp: boolean;
  slots: SlotRange[];
  keys: number;
  ops: number;
  memory: number;
  clients: number;
  clusterState: "ok" | "fail";
  beliefs: Belief[];
  migrating: { slot: number; to: string }[];
  importing: { slot: number; from: string }[];
  election: Election | null;
  disk?: "full" | "readonly" | "error"; // what its disk does instead of obeying
  busy?: "SCRIPT KILL" | "FUNCTION KILL"; // what ends the script for which it answers BUSY
  stream?: Stream; // only in a lab without a cluster
  sentinel?: SentinelView; // the page's own: a Sentinel is listed and drawn like a node
}

/** What a node of a lab without a cluster keeps of its replication stream, who follows, whom it follows. */
export interface Stream {
  secondOffset: number; // the first byte that replid2 no longer names; -1 without replid2
  backlog: { active: boolean; size: number; first: number; length: number };
  followers: Follower[];
  link: MasterLink | null; // null on a master
  minReplicas: { wanted: number; good: number; maxLag: number; refuses: boolean } | null;
}

/** A replica as the node that it follows sees it. */
export interface Follower {
  node: string;
  state: "none" | "wait_bgsave" | "send_bulk" | "online";
  ack: number;
  sent: number;
  lagBytes: number;
  lagSeconds: number;
  good: boolean;
  sync: Sync;
  transfer: Transfer | null;
}

/** A replica's link to its master. */
export interface MasterLink {
  master: string;
  state: "none" | "connect" | "connecting" | "handshake" | "sync" | "connected";
  loading: boolean;
  readOnly: boolean;
  silent: boolean; // replica-serve-stale-data no, and its master is away
  heard: number;
  downSince: number;
  sync: Sync;
  transfer: Transfer | null;
}

/** How a replica last came to have its master's data; why is the reason code of a full one. */
export interface Sync {
  kind: "full" | "partial" | "";
  why: string;
  at: number;
  offset: number;
  bytes: number;
}

/** A snapshot on its way; total is -1 while it is not known. */
export interface Transfer {
  done: number;
  total: number;
}

/** What the lab's network does to frames from one node to another. */
export interface Rule {
  from: string;
  to: string;
  cut: boolean;
  delayMs: number;
  jitterMs: number;
  bandwidth: number;
  holdNext: number;
  dropNext?: number;
  type?: string;
}

/** A frame that waits at the edge for a person to release or drop it. */
export interface HeldFrame {
  id: number;
  from: string;
  to: string;
  type: string;
  bytes: number;
  age: number;
  reason?: string;
}

/** One command of a slot migration. */
export interface MoveStep {
  n: number;
  command: string;
  on: string;
  state: string;
}

/** A slot migration under way. */
export interface Move {
  id: number;
  from: string;
  to: string;
  total: number;
  done: number;
  slot: number;
  state: string;
  steps: MoveStep[];
}

/** The built-in clients and the ledger of what became of their writes. */
export interface Load {
  rate: number;
  running: boolean;
  target?: string; // without a cluster: the node whose address the clients use
  acked: number;
  replicated: number;
  lost: number;
  unknown: number;
  errors: number;
}

/** One event of the story: its canonical line, the sentence for the class, and how weighty it is. */
export interface StoryItem {
  seq: number;
  t: number;
  node: string;
  name: string;
  line: string;
  caption: string;
  say?: { id?: string; args?: Record<string, string> };
  level: string;
}

/** The lab's clock. `next` is the earliest thing due, named while the clock stands still. */
export interface Clock {
  speed: number;
  paused: boolean;
  next?: { what: string; who: string; at: number } | null;
}

export type LabState = "ok" | "fail" | "mixed";

/** The kinds of lab. */
export type Topology = "cluster" | "replication" | "chain" | "sentinel";

/** One Sentinel and what it believes; times are the lab's, 0 for never, nodes are called by their names. */
export interface SentinelView {
  name: string;
  port: number;
  state: NodeState;
  why: string;
  id: string;
  epoch: number;
  tiltUntil: number; // 0: not in TILT
  watches: Watch[];
  conf: { text: string; at: number; diff: { op: "+" | "-"; line: string }[] };
}

/** What a Sentinel knows about a master. */
export interface Watch {
  master: string; // its name: mymaster
  node: string; // where the Sentinel has it
  current: string; // what a client is told that asks for it
  quorum: number;
  voters: number;
  needed: number; // votes for a leader
  downAfter: number;
  failoverTimeout: number;
  parallelSyncs: number;
  configEpoch: number;
  failover: {
    state: "none" | "wait_start" | "select_slave" | "send_slaveof_noone" | "wait_promotion" | "reconf_slaves" | "update_config";
    epoch: number;
    changed: number;
    until: number; // when the state is given up; 0: it is not
    notBefore: number; // no other attempt before that
    votes: { for: string; count: number }[];
    promoted: string;
  };
  instances: Opinion[]; // the master, its replicas, the other Sentinels
}

/** What a Sentinel thinks of an instance, and when it will ask it next. */
export interface Opinion {
  kind: "master" | "slave" | "sentinel";
  node: string;
  down: "" | "sdown" | "odown";
  since: number;
  flags: string[];
  linked: boolean;
  silent: number;
  pingDue: number;
  helloDue: number;
  infoDue: number; // 0 while a reply is awaited, and for Sentinels
  role: string;
  follows: string;
  linkUp: boolean;
  priority: number;
  offset: number;
  unfit: string; // a replica: the reason code why it may not be promoted
  saysDown: boolean;
  leader: string; // whom it voted for; of the master: whom this Sentinel did
  leadEpoch: number;
}

/** Everything the page needs to draw itself from nothing. */
export interface Snapshot {
  seq: number;
  lab: string;
  topology?: Topology; // a record of an earlier release has none: it is a cluster
  faithful?: boolean;
  seed: number;
  now: number;
  wall: number;
  clock: Clock;
  links: "tcp" | "memory";
  state: LabState;
  slotsCovered: number;
  epoch: number;
  rate?: number;
  nodes: NodeView[];
  rules: Rule[];
  held: HeldFrame[];
  moves: Move[];
  load: Load;
  story: StoryItem[];
  sentinels?: SentinelView[];
}

/** A node's offset, lag, keys, operations a second, memory and clients. */
export type Counts = [offset: number, lag: number, keys: number, ops: number, memory: number, clients: number];

/** What changed since the message before. A missing part did not change. */
export interface Batch {
  type: "batch";
  seq: number;
  now: number;
  wall: number;
  clock?: Clock;
  nodes?: NodeView[];
  ages?: Record<string, number[]>;
  counts?: Record<string, Counts>;
  gone?: string[];
  sentinels?: SentinelView[];
  sentinelsGone?: string[];
  events?: StoryItem[];
  rules?: Rule[];
  held?: HeldFrame[];
  moves?: Move[];
  load?: Load;
  state?: LabState;
  slotsCovered?: number;
  epoch?: number;
  rate?: number;
  topology?: Topology;
  faithful?: boolean;
}

/** What is recorded. Times are the lab's, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
  began: number;
  bytes: number;
  cap: number;
  kept: boolean;
  dropped: number;
  why?: string;
  flags: StoryItem[];
}

/** A recorded frame; arrived is 0 for one that was dropped. */
export interface RecordedFrame {
  id: number;
  kind: number;
  from: number;
  to: number;
  bytes: number;
  sent: number;
  arrived: number;
  dropped: boolean;
  held: boolean;
}

/** A piece of the past: what changed, what was told, and the frames on their way. */
export interface Stretch {
  from: number;
  to: number;
  end: number;
  changes: Batch[];
  events: StoryItem[];
  frames: RecordedFrame[];
  shown: number;
  total: number;
}

export type ServerMessage =
  | { type: "snapshot"; snapshot: Snapshot }
  | Batch
  | { type: "gap" }
  | { type: "labs" } // one was opened or closed, or has formed
  | LessonProgress;

/** The arguments of an action, by the names the verb's description gives. */
export type Args = Record<string, unknown>;

/** A verb as GET /api/verbs describes it. */
export interface Verb {
  verb: string;
  args: { name: string; kind: string; help: string; required: boolean; named?: boolean }[];
  help: string;
  example: string;
}

/** The answer to an action. */
export type ActionReply =
  | { ok: true; command: string; result?: unknown }
  | { ok?: false; error: string; field?: string; hint?: string };

/** The class, as the teacher sees it. */
export interface Room {
  open: boolean;
  code?: string;
  links: string[];
  most: number;
  people: { id: number; name: string; from: string; since: number; watching: boolean }[];
}

/** Who this browser is to the console. */
export interface Session {
  ok: boolean;
  version: string;
  role: "viewer" | "teacher";
  lan: boolean;
}
