// Lines between nodes: the bus mesh, replication with its lag, and what the network's rules do.

import { bytes } from "../core/format.ts";
import { isDown } from "../core/verdict.ts";
import type { NodeView, Rule } from "../core/wire.ts";
import { t } from "../core/words.ts";
import type { Scene, Spot } from "./layout.ts";
import { LETTER_FROM } from "./lod.ts";
import type { Picture } from "./picture.ts";
import { nodeColour, type Palette } from "./palette.ts";
import { arrow, cross } from "./shapes.ts";
import { outlined } from "./text.ts";

type Pen = CanvasRenderingContext2D;

/** How far a path between two nodes bends to its left, as a part of its length. */
const BEND = 0.09;

/** Paths begin and end a little outside the nodes: at this many radii. */
const GAP = 1.25;

/** A bent path from one node's edge to another's. */
export interface Path {
  x1: number;
  y1: number;
  cx: number;
  cy: number;
  x2: number;
  y2: number;
}

/** pathBetween bends to the left of its direction, so that there and back do not share a line. */
export function pathBetween(a: Spot, b: Spot, bend = BEND): Path {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = Math.hypot(dx, dy) || 1;
  const ux = dx / length;
  const uy = dy / length;
  return {
    x1: a.x + ux * a.r * GAP,
    y1: a.y + uy * a.r * GAP,
    cx: (a.x + b.x) / 2 + uy * length * bend,
    cy: (a.y + b.y) / 2 - ux * length * bend,
    x2: b.x - ux * b.r * GAP,
    y2: b.y - uy * b.r * GAP,
  };
}

/** along is the point at a part of a path. */
export function along(p: Path, part: number): { x: number; y: number } {
  const rest = 1 - part;
  return {
    x: rest * rest * p.x1 + 2 * rest * part * p.cx + part * part * p.x2,
    y: rest * rest * p.y1 + 2 * rest * part * p.cy + part * part * p.y2,
  };
}

function trace(pen: Pen, p: Path): void {
  pen.beginPath();
  pen.moveTo(p.x1, p.y1);
  pen.quadraticCurveTo(p.cx, p.cy, p.x2, p.y2);
}

/** drawMesh draws the bus between every two nodes, thinner the more there are. */
export function drawMesh(pen: Pen, scene: Scene, nodes: readonly NodeView[], palette: Palette): void {
  pen.lineWidth = palette.stroke;
  pen.strokeStyle = palette.token.faint;
  pen.globalAlpha = Math.min(0.22, 2.5 / nodes.length);
  pen.beginPath();
  nodes.forEach((a, i) => {
    for (const b of nodes.slice(i + 1)) {
      const from = scene.spots.get(a.name);
      const to = scene.spots.get(b.name);
      if (!from || !to) continue;
      pen.moveTo(from.x, from.y);
      pen.lineTo(to.x, to.y);
    }
  });
  pen.stroke();
  pen.globalAlpha = 1;
}

/**
 * drawOwnLinks draws one node's links: whole ones that are open, dashed ones that it has lost. They are
 * faint unless the stage is seen with its eyes.
 */
export function drawOwnLinks(pen: Pen, { scene, palette, viewAs }: Picture, observer: NodeView): void {
  const from = scene.spots.get(observer.name);
  if (!from) return;
  for (const belief of observer.beliefs) {
    const to = scene.spots.get(belief.node);
    if (!to) continue;
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    pen.lineWidth = palette.stroke;
    pen.strokeStyle = belief.link ? palette.token[viewAs ? "focus" : "faint"] : palette.token.fail;
    pen.globalAlpha = !belief.link ? 0.8 : viewAs ? 0.45 : 0.2;
    if (!belief.link) pen.setLineDash([3, 6]);
    pen.stroke();
    pen.setLineDash([]);
  }
  pen.globalAlpha = 1;
}

/** drawReplication draws the stream from a master to this replica, dashed while it is down. */
export function drawReplication(pen: Pen, { scene, palette }: Picture, replica: NodeView): void {
  if (replica.role !== "replica") return;
  const from = scene.spots.get(replica.master);
  const to = scene.spots.get(replica.name);
  if (!from || !to) return;
  const up = replica.linkUp && !isDown(replica);
  const small = to.r < LETTER_FROM;
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const tip = { x: to.x - Math.cos(angle) * (to.r + 4), y: to.y - Math.sin(angle) * (to.r + 4) };
  pen.beginPath();
  pen.moveTo(from.x, from.y);
  pen.lineTo(tip.x, tip.y);
  pen.strokeStyle = pen.fillStyle = up ? nodeColour(palette, replica) : palette.token.faint;
  pen.lineWidth = small ? 1 : (up ? 3 : 2) * palette.stroke;
  if (!up) pen.setLineDash(small ? [2, 2] : [5, 5]);
  pen.stroke();
  pen.setLineDash([]);
  if (small) return;
  arrow(pen, tip.x, tip.y, angle, Math.min(10 * palette.stroke, to.r * 0.5));
  pen.fill();
}

/** drawRules draws what is done to links; a link cut both ways is one straight line. */
export function drawRules(pen: Pen, { scene, rules, palette }: Picture): void {
  const cuts = new Set(rules.filter((r) => r.cut).map((r) => `${r.from}>${r.to}`));
  for (const rule of rules) {
    const both = rule.cut && cuts.has(`${rule.to}>${rule.from}`);
    if (!both) drawRule(pen, scene, rule, palette, BEND);
    else if (rule.from < rule.to) drawRule(pen, scene, rule, palette, 0);
  }
}

function drawRule(pen: Pen, scene: Scene, rule: Rule, palette: Palette, bend: number): void {
  const from = scene.spots.get(rule.from);
  const to = scene.spots.get(rule.to);
  if (!from || !to) return;
  const path = pathBetween(from, to, bend);
  const middle = along(path, 0.5);
  trace(pen, path);
  pen.lineWidth = 2 * palette.stroke;
  pen.strokeStyle = rule.cut ? palette.token.fail : palette.token.warn;
  pen.setLineDash(rule.cut ? [2, 7] : [10, 5]);
  pen.globalAlpha = rule.cut ? 0.8 : 1;
  pen.stroke();
  pen.globalAlpha = 1;
  pen.setLineDash([]);
  if (rule.cut) {
    cross(pen, middle.x, middle.y, 5 * palette.stroke);
    pen.lineWidth = 3 * palette.stroke;
    pen.stroke();
    return;
  }
  pen.font = `600 ${palette.text * 0.9}px ${palette.sans}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const { x, y } = beside(path, middle, palette.text * 1.7);
  outlined(pen, palette, ruleText(rule), x, y, palette.token.warn);
}

/** beside is a place next to a path's middle, on the side to which it bends: on the path itself frames wait. */
function beside(path: Path, middle: { x: number; y: number }, away: number): { x: number; y: number } {
  const length = Math.hypot(path.x2 - path.x1, path.y2 - path.y1) || 1;
  return { x: middle.x + ((path.y2 - path.y1) / length) * away, y: middle.y - ((path.x2 - path.x1) / length) * away };
}

/** ruleText says in a few words what a rule does. */
export function ruleText(rule: Rule): string {
  const words: string[] = [];
  const type = rule.type ?? "";
  if (rule.cut) words.push(t("rule.cut"));
  if (rule.delayMs > 0) words.push(t(rule.jitterMs > 0 ? "rule.jitter" : "rule.delay", { ms: rule.delayMs, jitter: rule.jitterMs }));
  if (rule.bandwidth > 0) words.push(t("rule.bandwidth", { bytes: bytes(rule.bandwidth) }));
  if (rule.holdNext > 0) words.push(t("rule.holds", { n: rule.holdNext, type }).trim());
  if (rule.dropNext) words.push(t("rule.drops", { n: rule.dropNext, type }).trim());
  return words.join(", ") || t("rule.whole");
}
