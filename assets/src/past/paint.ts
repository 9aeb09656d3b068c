// How the time line is drawn: what is recorded, the flags, the moment shown and the present.

import { clockTime } from "../core/format.ts";
import type { Palette } from "../stage/palette.ts";
import { disc, hexagon, square } from "../stage/shapes.ts";
import { ticks, xOf, type View } from "./axis.ts";
import type { Cluster, FlagKind } from "./flags.ts";

type Pen = CanvasRenderingContext2D;

/** What the time line shows. */
export interface Line {
  view: View;
  width: number;
  height: number;
  recorded: View;
  clusters: readonly Cluster[];
  head: number | null;
  hover: number | null; // a pixel
  palette: Palette;
}

/** radius is a flag's size; flags nearer than their width are one cluster. */
export function radius(palette: Palette): number {
  return palette.text * 0.62;
}

/** paintLine draws everything anew. */
export function paintLine(pen: Pen, line: Line): void {
  pen.clearRect(0, 0, line.width, line.height);
  const { palette } = line;
  const x = (t: number) => xOf(line.view, line.width, t);
  const bar = Math.round(radius(palette) * 2 + 6);
  paintBar(pen, line, x, bar);
  paintTicks(pen, line, x, bar);
  if (line.hover !== null) stem(pen, line.hover, 0, line.height, palette.token.faint, 1);
  for (const cluster of line.clusters) paintCluster(pen, palette, cluster, bar);
  paintPresent(pen, line, x, bar);
  if (line.head !== null) paintHead(pen, line, x(line.head));
}

function paintBar(pen: Pen, line: Line, x: (t: number) => number, y: number): void {
  const { token, stroke } = line.palette;
  const height = 3 * stroke;
  pen.fillStyle = token.line;
  pen.fillRect(0, y, line.width, height);
  const from = Math.max(0, x(line.recorded.from));
  const to = Math.min(line.width, x(line.recorded.to));
  const seen = line.head === null ? to : Math.min(to, Math.max(from, x(line.head)));
  pen.fillStyle = token.muted;
  pen.fillRect(from, y, Math.max(0, to - from), height);
  pen.fillStyle = line.head === null ? token.ok : token.warn;
  pen.fillRect(from, y, Math.max(0, seen - from), height);
}

function paintTicks(pen: Pen, line: Line, x: (t: number) => number, y: number): void {
  const { palette } = line;
  pen.font = `${palette.text - 2}px ${palette.mono}`;
  pen.textBaseline = "top";
  pen.textAlign = "center";
  const apart = palette.text * 7;
  for (const t of ticks(line.view, line.width, apart)) {
    const at = x(t);
    stem(pen, at, y + 3 * palette.stroke, y + 6 * palette.stroke, palette.token.line, 1);
    if (at < apart / 2 || at > line.width - apart / 2) continue;
    pen.fillStyle = palette.token.faint;
    pen.fillText(tickText(t, line.view), at, y + 7 * palette.stroke);
  }
}

/** tickText is a moment as exactly as the view needs it. */
function tickText(t: number, view: View): string {
  const text = clockTime(t);
  return view.to - view.from < 6000 ? text.slice(0, -1) : text.slice(0, -3);
}

function paintCluster(pen: Pen, palette: Palette, cluster: Cluster, bar: number): void {
  const r = radius(palette);
  const y = r + 3;
  const { kind } = cluster.top;
  stem(pen, cluster.x, y + r, bar, palette.token[kind.colour], palette.stroke);
  if (cluster.flags.length > 1) {
    outline(pen, kind, cluster.x + 3, y - 1.5, r);
    fill(pen, palette, palette.token.raised);
  }
  outline(pen, kind, cluster.x, y, r);
  fill(pen, palette, palette.token[kind.colour]);
  pen.fillStyle = palette.token.ground;
  pen.font = `700 ${Math.round(r * 1.35)}px ${palette.sans}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(kind.letter, cluster.x, y + 0.5);
}

function fill(pen: Pen, palette: Palette, colour: string): void {
  pen.fillStyle = colour;
  pen.fill();
  pen.strokeStyle = palette.token.surface;
  pen.lineWidth = 1.5;
  pen.stroke();
}

/** outline traces a flag's shape. */
export function outline(pen: Pen, kind: FlagKind, x: number, y: number, r: number): void {
  switch (kind.shape) {
    case "hexagon":
      return hexagon(pen, x, y, r * 1.12);
    case "disc":
      return disc(pen, x, y, r);
    case "diamond":
      return polygon(pen, [[x, y - r * 1.25], [x + r * 1.25, y], [x, y + r * 1.25], [x - r * 1.25, y]]);
    case "pennant":
      return polygon(pen, [[x - r, y - r], [x + r, y - r], [x + r, y + r * 0.5], [x, y + r * 1.2], [x - r, y + r * 0.5]]);
    default:
      return square(pen, x, y, r * 0.95);
  }
}

function polygon(pen: Pen, corners: readonly (readonly [number, number])[]): void {
  pen.beginPath();
  corners.forEach(([x, y], i) => (i === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
  pen.closePath();
}

function paintPresent(pen: Pen, line: Line, x: (t: number) => number, bar: number): void {
  const { palette } = line;
  const exact = x(line.recorded.to);
  if (exact < 0 || exact > line.width + 1) return;
  const at = Math.min(line.width - 5, exact);
  disc(pen, at, bar + 1.5 * palette.stroke, 4.5 * palette.stroke);
  pen.fillStyle = line.head === null ? palette.token.ok : palette.token.muted;
  pen.fill();
}

function paintHead(pen: Pen, line: Line, x: number): void {
  const { token, stroke } = line.palette;
  if (x < -10 || x > line.width + 10) return;
  stem(pen, x, 0, line.height, token.warn, 2 * stroke);
  polygon(pen, [[x - 6 * stroke, 0], [x + 6 * stroke, 0], [x, 8 * stroke]]);
  pen.fillStyle = token.warn;
  pen.fill();
}

function stem(pen: Pen, x: number, from: number, to: number, colour: string, width: number): void {
  pen.fillStyle = colour;
  pen.fillRect(Math.round(x - width / 2), from, width, to - from);
}
