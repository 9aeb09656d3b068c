// The still picture, from the ground up: cells, lines, nodes, words. draw paints one scene and keeps
// nothing. How much it paints of each is said in lod.ts.

import { lookOf } from "../core/shard.ts";
import { onStage } from "./camera.ts";
import { drawLabel } from "./labels.ts";
import { drawMesh, drawOwnLinks, drawReplication, drawRules } from "./links.ts";
import type { Cell } from "./layout.ts";
import { drawNode } from "./nodes.ts";
import { shardColour, type Palette } from "./palette.ts";
import type { Picture } from "./picture.ts";
import { disc, hatchPattern } from "./shapes.ts";

type Pen = CanvasRenderingContext2D;

/** Cells with a smaller radius, in pixels, are not hatched: the strokes would be noise. */
const HATCH_FROM = 40;

/** draw paints the picture onto a cleared canvas. */
export function draw(pen: Pen, picture: Picture): void {
  const { scene, palette, detail } = picture;
  pen.clearRect(0, 0, scene.width, scene.height);
  for (const cell of scene.cells) if (onStage(scene, cell)) drawCell(pen, cell, palette);
  const nodes = picture.nodes.filter((n) => {
    const spot = scene.spots.get(n.name);
    return spot !== undefined && onStage(scene, spot);
  });
  if (picture.viewAs) drawOwnLinks(pen, picture, picture.viewAs);
  else if (detail === "full" && picture.kind === "cluster") drawMesh(pen, scene, nodes, palette);
  else if (detail === "full") for (const node of nodes) if (node.sentinel) drawOwnLinks(pen, picture, node);
  for (const node of nodes) drawReplication(pen, picture, node);
  drawRules(pen, picture);
  for (const node of nodes) drawNode(pen, picture, node);
  if (detail === "full") for (const node of nodes) drawLabel(pen, picture, node);
}

function drawCell(pen: Pen, cell: Cell, palette: Palette): void {
  const colour = shardColour(palette, cell.shard);
  disc(pen, cell.x, cell.y, cell.orbit);
  pen.fillStyle = colour;
  pen.globalAlpha = 0.07;
  pen.fill();
  const hatch = cell.r > HATCH_FROM ? hatchPattern(pen, lookOf(cell.shard).hatch, colour) : null;
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
