// The map's geometry: 128 rows of 128 slots, a slot range is a run of cells that may wrap around.

import { SLOTS } from "../core/slots.ts";

/** How many slots a row has, and how many rows there are. */
export const SIDE = 128;

/** How many rows PageUp and PageDown jump over. */
const PAGE = 8;

/** A run of slots, both ends included. */
export type Band = readonly [from: number, to: number];

/** slotAt is the slot under a point of a map that is so wide and high; outside, the nearest. */
export function slotAt(x: number, y: number, size: number): number {
  const cell = (v: number) => Math.min(SIDE - 1, Math.max(0, Math.floor((v / size) * SIDE)));
  return cell(y) * SIDE + cell(x);
}

/** cellOf is the column and the row of a slot. */
export function cellOf(slot: number): { x: number; y: number } {
  return { x: slot % SIDE, y: Math.floor(slot / SIDE) };
}

/** bandOf is the run between two slots, in order. */
export function bandOf(a: number, b: number): Band {
  return a <= b ? [a, b] : [b, a];
}

/** inBand reports whether a slot lies in a band. */
export function inBand(band: Band | null, slot: number): boolean {
  return band !== null && slot >= band[0] && slot <= band[1];
}

/** Boxes of a band in cells: at most a part of a row, whole rows, a part of a row. */
export function boxesOf([from, to]: Band): { x: number; y: number; w: number; h: number }[] {
  const a = cellOf(from);
  const b = cellOf(to);
  if (a.y === b.y) return [{ x: a.x, y: a.y, w: b.x - a.x + 1, h: 1 }];
  const boxes = [{ x: a.x, y: a.y, w: SIDE - a.x, h: 1 }];
  if (b.y - a.y > 1) boxes.push({ x: 0, y: a.y + 1, w: SIDE, h: b.y - a.y - 1 });
  boxes.push({ x: 0, y: b.y, w: b.x + 1, h: 1 });
  return boxes;
}

/** step is where a key takes the cursor, or null when the key does not move it. */
export function step(slot: number, key: string, whole = false): number | null {
  const moves: Record<string, number> = {
    ArrowLeft: slot - 1, ArrowRight: slot + 1, ArrowUp: slot - SIDE, ArrowDown: slot + SIDE,
    PageUp: slot - PAGE * SIDE, PageDown: slot + PAGE * SIDE,
    Home: whole ? 0 : slot - (slot % SIDE), End: whole ? SLOTS - 1 : slot - (slot % SIDE) + SIDE - 1,
  };
  const next = moves[key];
  return next === undefined ? null : Math.min(SLOTS - 1, Math.max(0, next));
}
