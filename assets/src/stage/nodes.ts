// One node: its shape says the role, its fill and letter the shard, its outline what others believe.

import { isPlaced, letterOf } from "../core/shard.ts";
import { CALM, isDown, verdictBy, type Verdict } from "../core/verdict.ts";
import type { NodeView } from "../core/wire.ts";
import { nameInside } from "./labels.ts";
import type { Spot } from "./layout.ts";
import { LETTER_FROM } from "./lod.ts";
import { drawMarks } from "./marks.ts";
import { nodeColour, type Palette } from "./palette.ts";
import type { Picture } from "./picture.ts";
import { disc, HEXAGON, hexagon, square } from "./shapes.ts";

type Pen = CanvasRenderingContext2D;
type Trace = (pen: Pen, grow: number) => void;

/** A square is drawn so much smaller than a circle, for the two to look alike in size. */
const SQUARE = 0.86;

/** drawNode draws a node with its marks. */
export function drawNode(pen: Pen, picture: Picture, node: NodeView): void {
  const spot = picture.scene.spots.get(node.name);
  if (!spot) return;
  const verdict = picture.viewAs ? verdictBy(picture.viewAs, node.name) : picture.verdicts.get(node.name) ?? CALM;
  const chosen = picture.selected === node.name || picture.focused.includes(node.name) || picture.picked.includes(node.name);
  if (chosen) drawHalo(pen, picture.palette, node, spot);
  drawBody(pen, picture.palette, node, verdict, spot, shapeOf(node, spot, picture));
  if (spot.r >= LETTER_FROM) drawLetter(pen, picture, node, spot);
  drawMarks(pen, picture.palette, node, spot, verdict, picture.viewAs !== null);
}

/** shapeOf returns a function that traces the node's outline, grown by some pixels. */
function shapeOf(node: NodeView, spot: Spot, { detail }: Picture): Trace {
  const master = node.role === "master";
  const squared = detail === "dots" || node.role === "sentinel";
  const trace = squared ? square : master ? hexagon : disc;
  const size = master ? HEXAGON : squared ? SQUARE : 1;
  return (pen, grow) => trace(pen, spot.x, spot.y, spot.r * size + grow);
}

function drawHalo(pen: Pen, palette: Palette, node: NodeView, spot: Spot): void {
  if (node.role === "sentinel") square(pen, spot.x, spot.y, spot.r * SQUARE + 5);
  else disc(pen, spot.x, spot.y, spot.r * (node.role === "master" ? HEXAGON : 1) + Math.min(8, spot.r * 0.4 + 2));
  pen.strokeStyle = palette.token.focus;
  pen.lineWidth = 3 * palette.stroke;
  pen.stroke();
}

function drawBody(pen: Pen, palette: Palette, node: NodeView, verdict: Verdict, spot: Spot, trace: Trace): void {
  const alive = !isDown(node) && node.state !== "starting";
  const colour = alive ? nodeColour(palette, node) : palette.token.faint;
  const thick = spot.r < LETTER_FROM ? 1 : palette.stroke;
  trace(pen, 0);
  pen.fillStyle = palette.token.ground;
  pen.fill();
  pen.fillStyle = colour;
  pen.globalAlpha = !alive ? 0.15 : !isPlaced(node) ? 0.2 : node.role === "master" ? (node.state === "frozen" ? 0.5 : 1) : 0.3;
  pen.fill();
  pen.globalAlpha = 1;
  pen.lineWidth = (spot.r < LETTER_FROM ? 1 : node.role === "master" ? 2 : 3) * thick;
  pen.strokeStyle = node.role === "master" && alive && isPlaced(node) ? palette.token.outline : colour;
  if (node.state === "starting") pen.setLineDash([3, 4]);
  pen.stroke();
  pen.setLineDash([]);
  if (verdict.fail > 0) drawFailed(pen, palette, spot, trace);
}

/** drawFailed is the dashed outline of a node that others hold for failed. */
function drawFailed(pen: Pen, palette: Palette, spot: Spot, trace: Trace): void {
  const small = spot.r < LETTER_FROM;
  trace(pen, small ? 2 : 6);
  pen.setLineDash(small ? [3, 2] : [8, 6]);
  pen.strokeStyle = palette.token.fail;
  pen.lineWidth = small ? 2 : 3 * palette.stroke;
  pen.stroke();
  pen.setLineDash([]);
}

function drawLetter(pen: Pen, picture: Picture, node: NodeView, spot: Spot): void {
  const { palette } = picture;
  const master = node.role === "master";
  const solid = master && node.state === "up" && isPlaced(node);
  const shared = picture.detail === "full" && nameInside(pen, picture, node, spot);
  const letter = letterOf(node);
  const size = spot.r * (shared ? 0.8 : 0.95) * (letter.length > 1 ? 0.8 : 1);
  pen.font = `600 ${Math.round(size)}px ${palette.sans}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = solid ? palette.token["on-colour"] : palette.token.ink;
  pen.globalAlpha = isDown(node) ? 0.5 : 1;
  pen.fillText(letter, spot.x, spot.y + spot.r * (shared ? -0.2 : 0.05));
  pen.globalAlpha = 1;
}
