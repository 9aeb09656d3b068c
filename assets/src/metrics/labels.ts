// The names at the right ends of the lines, as the stage writes them: a shape, its letter, the node.

import type uPlot from "uplot";
import { disc, hexagon } from "../stage/shapes.ts";
import type { LineLook, Style } from "./look.ts";
import type { Line } from "./picture.ts";
import { spread } from "./spread.ts";

/** marginFor is the room to the right of a plot that labels of so many letters need, in pixels of the page. */
export function marginFor(style: Style, looks: readonly LineLook[]): number {
  const longest = Math.max(4, ...looks.map((look) => look.label.length + (look.letter ? 3.4 : 1)));
  return Math.ceil(style.small * (0.65 * longest + 1.2));
}

/** What is written at the end of a line: where, how its line looks, and whether the line has ended before. */
interface End {
  look: LineLook;
  gap: boolean;
  x: number;
  y: number;
  line: number; // the height at which the line ends
}

/** drawLabels writes a label at the end of every line that has one in the window. */
export function drawLabels(plot: uPlot, lines: readonly Line[], looks: readonly LineLook[], style: Style): void {
  const density = devicePixelRatio || 1;
  const { left, top, width, height } = plot.bbox;
  const ends: End[] = lines.flatMap((line, i) => {
    const at = line.values.findLastIndex((v) => v !== null);
    if (at < 0) return [];
    const y = plot.valToPos(line.values[at]!, "y", true);
    return [{ look: looks[i]!, gap: at < line.values.length - 1, x: left + width + 6 * density, y, line: y }];
  });
  const room = style.small * 1.25 * density;
  const heights = spread(ends.map((e) => e.line), room, top + room / 2, top + height - room / 2);
  plot.ctx.save();
  plot.ctx.setLineDash([]);
  ends.forEach((end, i) => drawLabel(plot.ctx, { ...end, y: heights[i]! }, density, style));
  plot.ctx.restore();
}

function drawLabel(pen: CanvasRenderingContext2D, end: End, density: number, style: Style): void {
  const { look, gap, y } = end;
  const size = style.small * density;
  if (Math.abs(end.line - y) > 3 * density) leader(pen, end, density, style);
  pen.textBaseline = "middle";
  let x = end.x + 4 * density;
  if (look.letter) x += chip(pen, look, x, y, size, density, style);
  pen.textAlign = "left";
  pen.fillStyle = look.down ? style.token["fail-text"] : gap ? style.token.muted : style.token.ink;
  pen.font = `${look.down ? 600 : 400} ${size}px ${style.mono}`;
  pen.fillText(`${look.down ? "✕" : gap ? "?" : ""}${look.label}`, x, y + 0.5 * density);
}

/** chip draws the shape of the role with the letter of the shard, and tells how wide it is. */
function chip(pen: CanvasRenderingContext2D, look: LineLook, x: number, y: number, size: number, density: number, style: Style): number {
  const r = size * 0.62;
  (look.role === "replica" ? disc : hexagon)(pen, x + r, y, r);
  pen.fillStyle = look.fill;
  pen.fill();
  pen.lineWidth = density * style.stroke;
  pen.strokeStyle = style.token.outline;
  pen.stroke();
  pen.fillStyle = style.token["on-colour"];
  pen.textAlign = "center";
  pen.font = `600 ${size * 0.78}px ${style.sans}`;
  pen.fillText(look.letter, x + r, y + 0.5 * density);
  return 2 * r + 4 * density;
}

/** leader joins a label that had to move to the end of its line. */
function leader(pen: CanvasRenderingContext2D, end: End, density: number, style: Style): void {
  pen.beginPath();
  pen.moveTo(end.x - 5 * density, end.line);
  pen.lineTo(end.x + 1 * density, end.y);
  pen.lineWidth = density;
  pen.strokeStyle = style.token.faint;
  pen.stroke();
}
