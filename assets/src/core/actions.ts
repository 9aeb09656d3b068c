// What can be done to what is on the stage, as verbs of the lab. Menus, keys and buttons all choose
// from here, so that each of them can show the command it equals.

import { Kind, type Frame } from "./frames.ts";
import { isDown, plain } from "./verdict.ts";
import type { Args, HeldFrame, NodeView } from "./wire.ts";
import { t } from "./words.ts";

/** What a menu is about. */
export type Subject =
  | { kind: "node"; node: string }
  | { kind: "nodes"; nodes: readonly string[] }
  | { kind: "link"; from: string; to: string }
  | { kind: "frame"; frame: Frame }
  | { kind: "stage" };

/** One thing to do: what it is called, its key, and the verbs that do it, in order. */
export interface Item {
  label: string;
  key: string;
  runs: readonly (readonly [verb: string, args: Args])[];
  look?: "view" | "link"; // what the page does by itself: another's eyes, the form of a link
}

/** masterOf names the master of a node's shard: itself, unless it is a replica. */
export function masterOf(node: NodeView): string {
  return node.role === "master" ? node.name : node.master;
}

/** heirOf is who takes over when a node's shard fails over: the node, or a living replica of it. */
export function heirOf(node: NodeView, nodes: readonly NodeView[]): NodeView {
  if (nodes.some((n) => n.sentinel)) return node; // a Sentinel chooses
  if (node.role === "replica") return node;
  const replicas = nodes.filter((n) => n.role === "replica" && n.master === node.name && n.state === "up");
  return replicas.sort((a, b) => b.offset - a.offset)[0] ?? node;
}

/** actionOn is the verb behind a node's button; some buttons mean another verb for this node. */
export function actionOn(action: string, node: NodeView, nodes: readonly NodeView[]): readonly [string, Args] {
  switch (action) {
    case "freeze":
      return [node.state === "frozen" ? "thaw" : "freeze", { node: node.name }];
    case "failover":
      return ["failover", { node: heirOf(node, nodes).name }];
    case "isolate":
      return ["partition", { groups: [[node.name], ["rest"]], oneWay: false }];
    case "add-replica":
      return ["add-replica", { of: node.stream ? node.name : masterOf(node) }];
    case "promote":
      return ["replicaof", { node: node.name, of: "no-one" }];
    case "rewire":
      return ["rewire", { of: node.name }];
    default:
      return [action, { node: node.name }];
  }
}

/** actionsOn is the same for several nodes: they are cut off together, and killed one after the other. */
export function actionsOn(action: string, chosen: readonly NodeView[], nodes: readonly NodeView[]): (readonly [string, Args])[] {
  if (action === "isolate") return [["partition", { groups: [chosen.map((n) => n.name), ["rest"]], oneWay: false }]];
  const fit = chosen.filter((n) => action === "restart" || action === "remove" || !isDown(n));
  return fit.map((n) => actionOn(action, n, nodes));
}

/** A slow link, as the menu makes one: far enough to be seen, and not yet a failure. */
const SLOW: Args = { delayMs: 200, jitterMs: 50, bandwidth: 0 };

/** A thin link, in bytes a second: a gossip packet takes a fifth of a second. */
const THIN: Args = { delayMs: 0, jitterMs: 0, bandwidth: 10_240 };

/** itemsFor lists what can be done to a subject. */
export function itemsFor(subject: Subject, nodes: readonly NodeView[], held: readonly number[]): Item[] {
  switch (subject.kind) {
    case "node": {
      const node = nodes.find((n) => n.name === subject.node);
      return node ? nodeItems(node, nodes) : [];
    }
    case "nodes":
      return groupItems(nodes.filter((n) => subject.nodes.includes(n.name)), nodes);
    case "link":
      return linkItems(subject.from, subject.to);
    case "frame":
      return frameItems(subject.frame, nodes, held);
    case "stage":
      return stageItems(!nodes.some((n) => n.stream), nodes.some((n) => n.sentinel));
  }
}

function nodeItems(node: NodeView, nodes: readonly NodeView[]): Item[] {
  const down = isDown(node);
  const item = (action: string, key: string, label = t(`act.${action}`)): Item => ({ label, key, runs: [actionOn(action, node, nodes)] });
  const watched = nodes.some((n) => n.sentinel);
  const failover = watched ? "menu.bysentinel" : node.role === "replica" ? "menu.tothis" : "menu.toreplica";
  const adding = node.stream ? t("menu.addbehind", { node: node.name }) : t("menu.addreplica", { shard: node.shard });
  return [
    ...(down ? [] : [item("kill", "K")]),
    item("restart", "R"),
    ...(down ? [] : [item("freeze", "P", t(node.state === "frozen" ? "act.thaw" : "act.freeze")), item("isolate", "I")]),
    ...(watched && node.role === "replica" ? [] : [item("failover", "F", t(failover))]),
    ...(node.stream ? handwork(node, nodes) : []),
    ...(node.sentinel ? [] : [item("add-replica", "Shift+N", adding), diskItem(node)]),
    ...(node.stream ? [] : [{ label: t("node.view"), key: "V", runs: [], look: "view" as const }]),
    item("remove", "Del"),
  ];
}

/** diskItem lets the disk of a node be full, or obey again. */
function diskItem(node: NodeView): Item {
  const state = node.disk ? "ok" : "full";
  return { label: t(`menu.disk${state}`), key: "", runs: [["disk", { node: node.name, state }]] };
}

/** handwork is what people do by hand where no cluster does it: promote, point a node at another master, rewire the clients. */
function handwork(node: NodeView, nodes: readonly NodeView[]): Item[] {
  const masters = nodes.filter((n) => n.role === "master" && !isDown(n) && n.name !== node.name && n.name !== node.master);
  return [
    ...(node.role === "replica" ? [{ label: t("menu.promote"), key: "", runs: [actionOn("promote", node, nodes)] }] : []),
    ...masters.map((m): Item => ({ label: t("menu.follow", { node: m.name }), key: "", runs: [["replicaof", { node: node.name, of: m.name }]] })),
    { label: t("menu.rewire"), key: "", runs: [actionOn("rewire", node, nodes)] },
  ];
}

function groupItems(chosen: readonly NodeView[], nodes: readonly NodeView[]): Item[] {
  const item = (action: string, key: string): Item => ({ label: t(`act.${action}`), key, runs: actionsOn(action, chosen, nodes) });
  const groups = [chosen.map((n) => n.name), ["rest"]];
  const mute: Item = { label: t("menu.mute"), key: "", runs: [["partition", { groups, oneWay: true }]] };
  return [
    item("isolate", "I"),
    mute,
    item("freeze", "P"), item("kill", "K"), item("restart", "R"),
  ].filter((i) => i.runs.length > 0);
}

function linkItems(from: string, to: string): Item[] {
  const item = (id: string, key: string, run: readonly [string, Args], a = from, b = to): Item => ({ label: t(`menu.${id}`, { from: a, to: b }), key, runs: [run] });
  const cut = (a: string, b: string, oneWay: boolean): readonly [string, Args] => ["partition", { groups: [[a], [b]], oneWay }];
  return [
    item("cut", "C", cut(from, to, false)),
    item("cutone", "", cut(from, to, true)),
    item("cutone", "", cut(to, from, true), to, from),
    item("slow", "S", ["delay", { from, to, ...SLOW }]),
    item("thin", "T", ["delay", { from, to, ...THIN }]),
    { label: t("menu.more"), key: "L", runs: [], look: "link" },
    { label: t("stage.heal"), key: "H", runs: [["heal", {}]] },
  ];
}

/** How the verbs call each kind of frame. */
const TYPES: Readonly<Record<number, string>> = {
  [Kind.Ping]: "PING", [Kind.Pong]: "PONG", [Kind.Meet]: "MEET", [Kind.Fail]: "FAIL", [Kind.Publish]: "PUBLISH",
  [Kind.AuthRequest]: "AUTH_REQ", [Kind.AuthAck]: "AUTH_ACK", [Kind.Update]: "UPDATE", [Kind.MFStart]: "MFSTART",
  [Kind.Module]: "MODULE", [Kind.PublishShard]: "PUBLISHSHARD", [Kind.Replication]: "STREAM", [Kind.Migration]: "MIGRATE",
  [Kind.Sentinel]: "SENTINEL", [Kind.WatchPing]: "PING", [Kind.WatchPong]: "PONG", [Kind.Info]: "INFO", [Kind.Hello]: "HELLO",
  [Kind.AskDown]: "ASK_DOWN", [Kind.AskVote]: "ASK_VOTE", [Kind.Vote]: "VOTE", [Kind.ReplicaOf]: "REPLICAOF", [Kind.Connect]: "CONNECT", [Kind.Close]: "CLOSE",
};

/** typeOf is how the verbs call a kind of frame. */
export function typeOf(kind: number): string {
  return TYPES[kind] ?? "";
}

/** frameOf is a held frame in the form in which frames fly; now is the lab's time. What is only delayed is on its way. */
export function frameOf(held: HeldFrame, nodes: readonly NodeView[], now = held.age): Frame {
  const port = (name: string) => nodes.find((n) => n.name === name)?.port ?? 0;
  const kind = Object.keys(TYPES).find((k) => TYPES[Number(k)] === held.type);
  return {
    id: held.id, kind: Number(kind ?? Kind.Ping), dropped: false, held: held.reason !== "delay", from: port(held.from), to: port(held.to),
    aux: 0, bytes: held.bytes, sent: now - held.age, arrived: null,
  };
}

function frameItems(frame: Frame, nodes: readonly NodeView[], held: readonly number[]): Item[] {
  const name = (port: number) => nodes.find((n) => n.port === port)?.name ?? String(port);
  const [from, to, type] = [name(frame.from), name(frame.to), typeOf(frame.kind)];
  const waits = held.includes(frame.id);
  return [
    ...(waits ? [
      { label: t("net.release"), key: "R", runs: [["release", { frame: frame.id }] as const] },
      { label: t("net.drop"), key: "D", runs: [["drop", { frame: frame.id }] as const] },
    ] : []),
    ...(frame.kind >= Kind.Connect ? [] : [ // a link opens and closes without a packet
      { label: t("menu.holdnext", { type, from, to }), key: "H", runs: [["hold", { from, to, type, count: 1 }] as const] },
      { label: t("menu.dropnext", { type, from, to }), key: "", runs: [["drop", { from, to, type }] as const] },
    ]),
  ];
}

function stageItems(clustered: boolean, watched: boolean): Item[] {
  return [
    ...(clustered ? [{ label: t("menu.addmaster"), key: "N", runs: [["add-master", {}] as const] }] : []),
    clustered ? { label: t("menu.addanywhere"), key: "", runs: [["add-replica", {}]] } : { label: t("menu.addplain"), key: "N", runs: [["add-replica", {}]] },
    ...(clustered ? [{ label: t("move.rebalance"), key: "", runs: [["rebalance", {}] as const] }] : []),
    ...(watched ? [{ label: t("menu.asksentinels"), key: "", runs: [["rewire", { of: "sentinels" }] as const] }] : []),
    { label: t("stage.heal"), key: "H", runs: [["heal", {}]] },
  ];
}

/** titleOf says what a menu is about. */
export function titleOf(subject: Subject, nodes: readonly NodeView[]): string {
  switch (subject.kind) {
    case "node": {
      const node = nodes.find((n) => n.name === subject.node);
      return node ? t(plain(node) ? "menu.plainnode" : "menu.node", { node: node.name, role: t(`role.${node.role}`), shard: node.shard, state: t(`state.${node.state}`) }) : subject.node;
    }
    case "nodes":
      return t("menu.nodes", { n: subject.nodes.length, nodes: subject.nodes.join(", ") });
    case "link":
      return `${subject.from} ↔ ${subject.to}`;
    case "frame":
      return t("menu.frame", { type: typeOf(subject.frame.kind), from: subject.frame.from, to: subject.frame.to });
    case "stage":
      return t(nodes.some((n) => n.stream) ? "menu.plainstage" : "menu.stage");
  }
}
