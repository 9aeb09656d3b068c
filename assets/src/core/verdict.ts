// What is wrong with a node, and who says so. The lab knows the truth (killed, frozen); the nodes
// only believe. The stage draws both: truth as the glyph, belief as the outline.

import { parseSlots } from "./slots.ts";
import type { NodeView } from "./wire.ts";
import { t } from "./words.ts";

/** What one observer believes about one subject. */
export type Opinion = "self" | "ok" | "pfail" | "fail" | "handshake" | "unknown";

/** How many observers that are up hold which opinion of a node. */
export interface Verdict {
  pfail: number;
  fail: number;
  of: number;
}

/** opinionOf reads what observer believes about subject. */
export function opinionOf(observer: NodeView, subject: string): Opinion {
  if (observer.name === subject) return "self";
  const belief = observer.beliefs.find((b) => b.node === subject);
  if (!belief) return "unknown";
  if (belief.flags.includes("fail")) return "fail";
  if (belief.flags.includes("fail?")) return "pfail";
  if (belief.flags.includes("handshake")) return "handshake";
  return "ok";
}

/** verdictsOf counts, for every node, the opinions of all the nodes that can have one. */
export function verdictsOf(nodes: readonly NodeView[]): Map<string, Verdict> {
  const guarded = nodes.some((n) => n.sentinel); // where there are Sentinels, nobody else has an opinion
  const observers = nodes.filter((n) => n.state === "up" && (!guarded || n.sentinel));
  const verdicts = new Map<string, Verdict>();
  for (const node of nodes) verdicts.set(node.name, { pfail: 0, fail: 0, of: observers.length - (observers.includes(node) ? 1 : 0) });
  for (const observer of observers) {
    for (const { node, flags } of observer.beliefs) {
      const verdict = verdicts.get(node);
      if (!verdict) continue;
      if (flags.includes("fail")) verdict.fail++;
      else if (flags.includes("fail?")) verdict.pfail++;
    }
  }
  return verdicts;
}

/** isDown reports whether a node has no process: it can only be started again. */
export function isDown(node: NodeView): boolean {
  return node.state === "killed" || node.state === "crashed" || node.state === "stopped";
}

/** CALM is the verdict on a node of which nobody thinks ill. */
export const CALM: Verdict = { pfail: 0, fail: 0, of: 0 };

/** verdictBy is the verdict of one observer alone, for "view as". */
export function verdictBy(observer: NodeView, subject: string): Verdict {
  const opinion = opinionOf(observer, subject);
  return { pfail: opinion === "pfail" ? 1 : 0, fail: opinion === "fail" ? 1 : 0, of: 1 };
}

/**
 * seenBy is a node as an observer knows it: no lab to tell what really happened to it. One that it
 * has never heard of is drawn like one that is not there yet.
 */
export function seenBy(observer: NodeView, node: NodeView): NodeView {
  if (node.name === observer.name) return node;
  const belief = observer.beliefs.find((b) => b.node === node.name);
  if (!belief) return { ...node, state: "starting", slots: [], migrating: [], importing: [], election: null };
  const role = node.sentinel ? "sentinel" : belief.flags.includes("slave") ? "replica" : "master";
  return {
    ...node, role, master: belief.master, epoch: belief.epoch, state: "up", slots: parseSlots(belief.slots) ?? [],
    linkUp: role === "replica", lag: 0, migrating: [], importing: [], election: null,
  };
}

/** plain reports whether the node is not one of a cluster, where other words are used for being down. */
export function plain(node: NodeView): boolean {
  return node.stream !== undefined || node.sentinel !== undefined;
}

/** conditionOf puts truth and belief into the few words a list or screen reader needs. */
export function conditionOf(node: NodeView, verdict: Verdict): string {
  const words: string[] = [t(`state.${node.state}`)];
  if (verdict.fail > 0) words.push(t(plain(node) ? "condition.odown" : "condition.fail", { n: verdict.fail, of: verdict.of }));
  else if (verdict.pfail > 0) words.push(t(plain(node) ? "condition.sdown" : "condition.pfail", { n: verdict.pfail, of: verdict.of }));
  if (node.election) words.push(t("condition.election", { votes: node.election.votes, needed: node.election.needed }));
  return words.join(", ");
}
