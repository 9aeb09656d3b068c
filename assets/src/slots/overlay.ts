// What lies over the map: the owners' letters, slots on their way, the chosen band, the cursor.

import { count } from "../core/format.ts";
import { lookOf } from "../core/shard.ts";
import type { NodeView } from "../core/wire.ts";
import type { Palette } from "../stage/palette.ts";
import { boxesOf, cellOf, SIDE, type Band } from "./grid.ts";
import { runsOf, type Run, type Territory } from "./owners.ts";

type Pen = CanvasRenderingContext2D;

/** A run shorter than this many rows has no room for a letter. */
const ROOM = 6;

/** What the overlay shows. */
export interface Overlay {
  territory: Territory;
  nodes: readonly NodeView[];
  plates: boolean;
  band: Band | null;
  cursor: number | null;
  hover: number | null;
  palette: Palette;
  size: number;
  nobody: string;
}

/** drawOverlay draws everything over the cells. */
export function drawOverlay(pen: Pen, o: Overlay): void {
  const cell = o.size / SIDE;
  pen.clearRect(0, 0, o.size, o.size);
  if (o.plates) drawPlates(pen, o, cell);
  for (const node of o.nodes) {
    for (const { slot } of node.migrating) ring(pen, slot, cell, o.palette.token.warn, o.palette, 3);
  }
  if (o.band) drawBand(pen, o.band, cell, o.palette);
  if (o.hover !== null) ring(pen, o.hover, cell, o.palette.token.ink, o.palette, 1);
  if (o.cursor !== null) ring(pen, o.cursor, cell, o.palette.token.focus, o.palette, 2);
}

/** drawPlates writes each owner's letter and its slots on its largest run. */
function drawPlates(pen: Pen, o: Overlay, cell: number): void {
  const largest = new Map<number, Run>();
  for (const run of runsOf(o.territory)) {
    const known = largest.get(run.owner);
    if (!known || run.to - run.from > known.to - known.from) largest.set(run.owner, run);
  }
  for (const [owner, run] of largest) {
    if ((run.to - run.from + 1) / SIDE < Math.max(ROOM, (o.palette.text * 1.9) / cell)) continue;
    const who = o.territory.owners[owner];
    const text = !who ? `✕ ${o.nobody}` : `${who.served ? "" : "✕ "}${who.node.shard}  ${count(who.slots)}`;
    const y = ((run.from + run.to + 1) / 2 / SIDE) * cell;
    drawPlate(pen, text, o.size / 2, y, who?.served ? o.palette.shards[lookOf(who.node.shard).colour]! : null, o.palette);
  }
}

function drawPlate(pen: Pen, text: string, x: number, y: number, colour: string | null, palette: Palette): void {
  pen.font = `600 ${palette.text * 1.15}px ${palette.sans}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const w = pen.measureText(text).width + palette.text * 1.4;
  const h = palette.text * 1.75;
  pen.beginPath();
  pen.roundRect(x - w / 2, y - h / 2, w, h, 4);
  pen.fillStyle = colour ?? palette.token.ground;
  pen.fill();
  pen.lineWidth = 1.5 * palette.stroke;
  pen.strokeStyle = colour ? palette.token.outline : palette.token.fail;
  pen.setLineDash(colour ? [] : [5, 3]);
  pen.stroke();
  pen.setLineDash([]);
  pen.fillStyle = colour ? palette.token["on-colour"] : palette.token["fail-text"];
  pen.fillText(text, x, y + 1);
}

/** ring frames one slot, with a rim of ground so that it is seen on every colour. */
function ring(pen: Pen, slot: number, cell: number, colour: string, palette: Palette, reach: number): void {
  const { x, y } = cellOf(slot);
  const box = [x * cell - reach, y * cell - reach, cell + 2 * reach, cell + 2 * reach] as const;
  pen.lineWidth = 5 * palette.stroke;
  pen.strokeStyle = palette.token.ground;
  pen.strokeRect(...box);
  pen.lineWidth = 2.5 * palette.stroke;
  pen.strokeStyle = colour;
  pen.strokeRect(...box);
}

/** drawBand veils and frames the chosen run. */
function drawBand(pen: Pen, band: Band, cell: number, palette: Palette): void {
  const shape = new Path2D();
  for (const { x, y, w, h } of boxesOf(band)) shape.rect(x * cell, y * cell, w * cell, h * cell);
  pen.fillStyle = palette.token.ground;
  pen.globalAlpha = 0.45;
  pen.fill(shape);
  pen.globalAlpha = 1;
  for (const [width, colour] of [[5, palette.token.ground], [2, palette.token.ink]] as const) {
    pen.lineWidth = width * palette.stroke;
    pen.strokeStyle = colour;
    pen.stroke(shape);
  }
}
