// What two nodes think of each other, in marks and in words.

import { opinionOf, type Opinion } from "./verdict.ts";
import type { NodeView } from "./wire.ts";
import { t } from "./words.ts";

/** Each opinion's mark: never colour alone. Its words are belief.<opinion> in the catalogue. */
export const MARKS: Record<Opinion, string> = { self: "■", ok: "✓", pfail: "?", fail: "✕", handshake: "…", unknown: "–" };

/** What one node believes about another, as a cell of the matrix shows it. */
export interface Cell {
  opinion: Opinion;
  mark: string;
  epoch: string;
  master: string; // another master than the lab knows of, or nothing
}

/** cellOf is what the matrix says of observer and subject. */
export function cellOf(observer: NodeView, subject: NodeView): Cell {
  const opinion = opinionOf(observer, subject.name);
  const belief = observer.beliefs.find((b) => b.node === subject.name);
  const epoch = opinion === "self" ? observer.epoch : belief?.epoch;
  const other = belief !== undefined && belief.master !== subject.master;
  return { opinion, mark: MARKS[opinion], epoch: epoch === undefined ? MARKS.unknown : String(epoch), master: other ? belief.master || "–" : "" };
}

/** sentenceOf says in words what observer believes about subject. */
export function sentenceOf(observer: NodeView, subject: NodeView): string {
  const { opinion, epoch } = cellOf(observer, subject);
  const args = { observer: observer.name, subject: subject.name, epoch };
  if (opinion === "self") return t("belief.ofself", args);
  if (opinion === "unknown") return t("belief.ofunknown", args);
  const sentence = t("belief.of", { ...args, opinion: `@belief.${opinion}` });
  const belief = observer.beliefs.find((b) => b.node === subject.name)!;
  if (belief.master === subject.master) return sentence;
  return `${sentence} ${belief.master ? t("belief.othermaster", { ...args, master: belief.master }) : t("belief.asmaster", args)}`;
}

/** bothWays says what two nodes believe of each other. */
export function bothWays(a: NodeView, b: NodeView): string {
  return a.name === b.name ? sentenceOf(a, b) : `${sentenceOf(a, b)} ${sentenceOf(b, a)}`;
}
