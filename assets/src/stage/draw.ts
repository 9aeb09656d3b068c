// The still picture: cells, links, nodes. draw paints one scene and keeps nothing.

import { lookOf } from "../core/shard.ts";
import { CALM, isDown, verdictBy, type Verdict } from "../core/verdict.ts";
import type { NodeView } from "../core/wire.ts";
import { drawMesh, drawReplication, drawRules } from "./links.ts";
import type { Cell, Spot } from "./layout.ts";
import { drawMarks } from "./marks.ts";
import { shardColour, type Palette } from "./palette.ts";
import type { Picture } from "./picture.ts";
import { disc, hatchPattern, hexagon, square } from "./shapes.ts";
import { outlined } from "./text.ts";

type Pen = CanvasRenderingContext2D;

/** Above these counts labels, then shapes, give way to simpler ones. */
const LABELS_UP_TO = 60;
const SHAPES_UP_TO = 300;

/** draw paints the picture onto a cleared canvas. */
export function draw(pen: Pen, picture: Picture): void {
  const { scene, nodes, palette } = picture;
  pen.clearRect(0, 0, scene.width, scene.height);
  for (const cell of scene.cells) drawCell(pen, cell, palette);
  if (nodes.length <= LABELS_UP_TO) drawMesh(pen, picture);
  for (const node of nodes) drawReplication(pen, picture, node);
  drawRules(pen, picture);
  for (const node of nodes) drawNode(pen, picture, node);
  if (nodes.length > LABELS_UP_TO) return;
  for (const node of nodes) drawLabel(pen, picture, node);
}

function drawCell(pen: Pen, cell: Cell, palette: Palette): void {
  const colour = shardColour(palette, cell.shard);
  disc(pen, cell.x, cell.y, cell.orbit);
  pen.fillStyle = colour;
  pen.globalAlpha = 0.07;
  pen.fill();
  const hatch = cell.r > 40 ? hatchPattern(pen, lookOf(cell.shard).hatch, colour) : null;
  if (hatch) {
    pen.fillStyle = hatch;
    pen.globalAlpha = 0.16;
    pen.fill();
  }
  pen.globalAlpha = 0.55;
  pen.strokeStyle = colour;
  pen.lineWidth = palette.stroke;
  pen.stroke();
  pen.globalAlpha = 1;
}

function drawNode(pen: Pen, picture: Picture, node: NodeView): void {
  const spot = picture.scene.spots.get(node.name);
  if (!spot) return;
  const verdict = picture.viewAs ? verdictBy(picture.viewAs, node.name) : picture.verdicts.get(node.name) ?? CALM;
  const shape = shapeOf(node, spot, picture.nodes.length);
  if (picture.selected === node.name || picture.focused.includes(node.name)) drawHalo(pen, picture, node, spot);
  drawBody(pen, picture.palette, node, verdict, shape);
  drawLetter(pen, picture.palette, node, spot);
  drawMarks(pen, picture.palette, node, spot, verdict, picture.viewAs !== null);
}

/** shapeOf returns a function that traces the node's outline, grown by some pixels. */
function shapeOf(node: NodeView, spot: Spot, count: number): (pen: Pen, grow: number) => void {
  const trace = count > SHAPES_UP_TO ? square : node.role === "master" ? hexagon : disc;
  const size = node.role === "master" ? 1.12 : 1;
  return (pen, grow) => trace(pen, spot.x, spot.y, spot.r * size + grow);
}

function drawHalo(pen: Pen, { palette }: Picture, node: NodeView, spot: Spot): void {
  disc(pen, spot.x, spot.y, spot.r * (node.role === "master" ? 1.12 : 1) + 8);
  pen.strokeStyle = palette.token.focus;
  pen.lineWidth = 3 * palette.stroke;
  pen.stroke();
}

function drawBody(pen: Pen, palette: Palette, node: NodeView, verdict: Verdict, trace: (pen: Pen, grow: number) => void): void {
  const alive = !isDown(node) && node.state !== "starting";
  const colour = alive ? shardColour(palette, node.shard) : palette.token.faint;
  trace(pen, 0);
  pen.fillStyle = palette.token.ground;
  pen.fill();
  pen.fillStyle = colour;
  pen.globalAlpha = !alive ? 0.15 : node.role === "master" ? (node.state === "frozen" ? 0.5 : 1) : 0.3;
  pen.fill();
  pen.globalAlpha = 1;
  pen.lineWidth = (node.role === "master" ? 2 : 3) * palette.stroke;
  pen.strokeStyle = node.role === "master" && alive ? palette.token.outline : colour;
  if (node.state === "starting") pen.setLineDash([3, 4]);
  pen.stroke();
  pen.setLineDash([]);
  if (verdict.fail > 0) {
    trace(pen, 6);
    pen.setLineDash([8, 6]);
    pen.strokeStyle = palette.token.fail;
    pen.lineWidth = 3 * palette.stroke;
    pen.stroke();
    pen.setLineDash([]);
  }
}

function drawLetter(pen: Pen, palette: Palette, node: NodeView, spot: Spot): void {
  if (spot.r < 9) return;
  const master = node.role === "master";
  const solid = master && node.state === "up";
  const letter = master ? node.shard : node.shard.toLowerCase();
  pen.font = `600 ${Math.round(spot.r * 0.95)}px ${palette.sans}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = solid ? palette.token["on-colour"] : palette.token.ink;
  pen.globalAlpha = isDown(node) ? 0.5 : 1;
  pen.fillText(letter, spot.x, spot.y + spot.r * 0.05);
  pen.globalAlpha = 1;
}

function drawLabel(pen: Pen, { scene, palette }: Picture, node: NodeView): void {
  const spot = scene.spots.get(node.name);
  if (!spot || spot.r < 12) return;
  const y = spot.y + spot.r * (node.role === "master" ? 1.12 : 1) + palette.text * 1.25;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `600 ${palette.text}px ${palette.mono}`;
  outlined(pen, palette, node.name, spot.x, y, palette.token.ink);
}
