// The backlog as what it is: a ring that is written round and round. What is kept is thick, the
// write head is where the next byte goes, and everybody stands where he has got to.

import { bytes, count } from "../core/format.ts";
import { historyColour } from "../core/history.ts";
import { arcPath, onCircle, svg, type At } from "../core/svg.ts";
import type { NodeView } from "../core/wire.ts";
import { t } from "../core/words.ts";
import { partOf, spread, type Mark } from "./marks.ts";

const WIDTH = 340;
const HEIGHT = 250;
const MIDDLE: At = { x: WIDTH / 2, y: HEIGHT / 2 };
const RADIUS = 78;
const NAMES = RADIUS + 27;
const APART = 0.055; // of a turn, between two names
const LEAST = 0.004; // of a turn: a few bytes are seen, too

/** drawRing draws a node's backlog with the marks of the others. */
export function drawRing(of: NodeView, marks: readonly Mark[]): SVGElement {
  const { size, first, length } = of.stream!.backlog;
  const from = partOf(first - 1, size);
  const kept = Math.min(1, Math.max(length > 0 ? LEAST : 0, length / size));
  const head = partOf(first - 1 + length, size);
  const places = spread(marks.map((m) => m.part), APART);
  return svg(
    "svg", { class: "ring", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": saidOf(of, marks), "data-shard": historyColour(of.replid) },
    svg("circle", { class: "track", cx: MIDDLE.x, cy: MIDDLE.y, r: RADIUS }),
    svg("path", { class: "kept", d: arcPath(MIDDLE, RADIUS, from, from + kept) }),
    svg("path", { class: "head", d: headPath(head) }),
    words(bytes(length), -24, "large"),
    words(t("stream.of", { size: bytes(size) }), -6),
    words(length > 0 ? t("stream.first", { first: count(first) }) : "", 16),
    words(length > 0 ? t("stream.last", { last: count(first + length - 1) }) : "", 34),
    ...marks.flatMap((mark, i) => drawMark(mark, places[i]!)),
  );
}

function words(text: string, dy: number, kind = ""): SVGElement {
  return svg("text", { class: `words ${kind}`.trim(), x: MIDDLE.x, y: MIDDLE.y + dy }, text);
}

/** headPath is an arrow head on the inner side of the band: here the next byte is written. */
function headPath(part: number): string {
  const tip = onCircle(MIDDLE, RADIUS - 8, part);
  const [a, b] = [onCircle(MIDDLE, RADIUS - 21, part - 0.014), onCircle(MIDDLE, RADIUS - 21, part + 0.014)];
  return `M${tip.x} ${tip.y}L${a.x} ${a.y}L${b.x} ${b.y}Z`;
}

/** drawMark is a node's place: a disc where it follows, a hollow one where it stopped. */
function drawMark(mark: Mark, at: number): SVGElement[] {
  const on = onCircle(MIDDLE, RADIUS, mark.part);
  const out = onCircle(MIDDLE, RADIUS + 10, mark.part);
  const label = onCircle(MIDDLE, NAMES - 8, at);
  const text = onCircle(MIDDLE, NAMES, at);
  const side = text.x - MIDDLE.x;
  const anchor = Math.abs(side) < 14 ? "middle" : side > 0 ? "start" : "end";
  return [
    svg("path", { class: "leader", d: `M${out.x} ${out.y}L${label.x} ${label.y}` }),
    svg("circle", { class: `mark ${mark.kind}`, cx: on.x, cy: on.y, r: 6 }),
    svg("text", { class: "name", x: text.x, y: text.y + (Math.abs(side) < 14 ? (text.y < MIDDLE.y ? -2 : 8) : 4), "text-anchor": anchor }, mark.names.join(" ")),
  ];
}

/** saidOf is the ring in words. */
function saidOf(of: NodeView, marks: readonly Mark[]): string {
  const { size, first, length } = of.stream!.backlog;
  const kept = t("stream.said", { node: of.name, length: bytes(length), size: bytes(size), first: count(first), last: count(first + length - 1) });
  return [kept, ...marks.map((m) => t(`stream.said-${m.kind}`, { nodes: m.names.join(", ") }))].join(" ");
}
