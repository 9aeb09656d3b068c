// What is wrong with a node, and who says so. The lab knows the truth (killed, frozen); the nodes
// only believe. The stage draws both: truth as the glyph, belief as the outline.

import type { NodeView } from "./wire.ts";

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

/** verdictOn counts the opinions of all nodes that can have one. */
export function verdictOn(subject: NodeView, nodes: readonly NodeView[]): Verdict {
  const verdict = { pfail: 0, fail: 0, of: 0 };
  for (const observer of nodes) {
    if (observer.name === subject.name || observer.state !== "up") continue;
    verdict.of++;
    const opinion = opinionOf(observer, subject.name);
    if (opinion === "pfail") verdict.pfail++;
    if (opinion === "fail") verdict.fail++;
  }
  return verdict;
}

/** verdictBy is the verdict of one observer alone, for "view as". */
export function verdictBy(observer: NodeView, subject: string): Verdict {
  const opinion = opinionOf(observer, subject);
  return { pfail: opinion === "pfail" ? 1 : 0, fail: opinion === "fail" ? 1 : 0, of: 1 };
}

/** conditionOf puts truth and belief into the few words a list or screen reader needs. */
export function conditionOf(node: NodeView, verdict: Verdict): string {
  const words: string[] = [node.state];
  if (verdict.fail > 0) words.push(`FAIL for ${verdict.fail} of ${verdict.of}`);
  else if (verdict.pfail > 0) words.push(`suspected (PFAIL) by ${verdict.pfail} of ${verdict.of}`);
  if (node.election) words.push(`asks for votes: ${node.election.votes} of ${node.election.needed}`);
  return words.join(", ");
}
