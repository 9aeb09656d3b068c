// The map's pixels: one square a slot, coloured and hatched by owner, or by heat.

import { lookOf } from "../core/shard.ts";
import { SLOTS } from "../core/slots.ts";
import type { Palette } from "../stage/palette.ts";
import { SIDE } from "./grid.ts";
import { levelOf, SCALE, type Rgb } from "./heat.ts";
import { mostOf } from "./loads.ts";
import type { Territory } from "./owners.ts";

/** What the colours of the map mean. */
export type Heat = "owner" | "keys" | "ops";

/** The hatches of stage/shapes.ts for single pixels: whether a pixel of a tile of 8 is a stroke. */
const HATCHES: readonly ((x: number, y: number) => boolean)[] = [
  () => false,
  (x, y) => (x + y) % 8 === 0,
  (x, y) => (x - y + 1024) % 8 === 0,
  (_, y) => y % 8 === 4,
  (x) => x % 8 === 4,
  (x, y) => (x + y) % 8 === 0 || (x - y + 1024) % 8 === 0,
];

/** A ground that nobody serves is dashed: strokes of so many pixels in each so many. */
const DASH = 4;

/** readRgb reads a colour as a canvas or getComputedStyle writes it: rgb(…) or #rrggbb. */
export function readRgb(colour: string): Rgb {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour);
  if (hex) return [16, 8, 0].map((bits) => (Number.parseInt(hex[1]!, 16) >> bits) & 255) as unknown as Rgb;
  const parts = colour.match(/[\d.]+/g)?.map(Number) ?? [];
  return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0];
}

/** mix is a colour between two. */
function mix(a: Rgb, b: Rgb, part: number): Rgb {
  return [0, 1, 2].map((i) => a[i]! + (b[i]! - a[i]!) * part) as unknown as Rgb;
}

/** A cell's colours: its ground, its strokes, and which of its pixels are strokes. */
interface Ink {
  ground: Rgb;
  stroke: Rgb;
  on: (x: number, y: number) => boolean;
}

/** inksOf makes one ink for each owner, and one for nobody's ground at the end. */
function inksOf(territory: Territory, palette: Palette): Ink[] {
  const ground = readRgb(palette.token.ground);
  const fail = readRgb(palette.token.fail);
  const dark = readRgb(palette.token["on-colour"]);
  const dashed = (x: number, y: number) => (x + y) % 8 < 2 && (x - y + 1024) % (4 * DASH) < 3 * DASH;
  const inks = territory.owners.map(({ node, served }): Ink => {
    const look = lookOf(node.shard);
    const colour = readRgb(node.shard ? palette.shards[look.colour]! : palette.token.faint);
    if (!served) return { ground: mix(ground, colour, 0.3), stroke: fail, on: dashed };
    return { ground: colour, stroke: mix(colour, dark, 0.45), on: HATCHES[look.hatch]! };
  });
  return [...inks, { ground, stroke: fail, on: dashed }];
}

/** heatInks makes one ink for each step of the scale. */
const heatInks: readonly Ink[] = SCALE.map((ground) => ({ ground, stroke: ground, on: () => false }));

/** paintMap draws all slots; size is the map's width and height in pixels, a multiple of 128. */
export function paintMap(
  image: ImageData, territory: Territory, heat: Heat, values: Uint32Array | Float32Array, palette: Palette,
): void {
  const cell = image.width / SIDE;
  const inks = heat === "owner" ? inksOf(territory, palette) : heatInks;
  const most = heat === "owner" ? 0 : mostOf(values);
  const gap = cell >= 4 ? readRgb(palette.token.ground) : null;
  for (let slot = 0; slot < SLOTS; slot++) {
    const owner = territory.of[slot]!;
    const ink = heat === "owner" ? inks[owner < 0 ? inks.length - 1 : owner]! : inks[levelOf(values[slot]!, most)]!;
    fillCell(image, (slot % SIDE) * cell, Math.floor(slot / SIDE) * cell, cell, ink, gap);
  }
}

/** fillCell draws one slot; with a gap its right and lower edge are tinted, so that cells are seen. */
function fillCell(image: ImageData, left: number, top: number, cell: number, ink: Ink, gap: Rgb | null): void {
  const { data, width } = image;
  const edge = gap ? mix(ink.ground, gap, 0.32) : ink.ground;
  for (let y = top; y < top + cell; y++) {
    for (let x = left, i = (y * width + left) * 4; x < left + cell; x++, i += 4) {
      const last = x === left + cell - 1 || y === top + cell - 1;
      const colour = ink.on(x, y) ? ink.stroke : last ? edge : ink.ground;
      data[i] = colour[0];
      data[i + 1] = colour[1];
      data[i + 2] = colour[2];
      data[i + 3] = 255;
    }
  }
}
