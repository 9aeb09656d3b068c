// The picture of a packet to scale: every byte is a square, 64 in a row.

import type { Palette, Token } from "../stage/palette.ts";
import { bytesIn, type Kind, type Part } from "./beat.ts";

/** So many bytes stand in a row. */
export const ROW = 64;

/** Each kind's colour. The bitmap has the colour of the shard whose slots it claims. */
export const COLOURS: Readonly<Record<Kind, Token>> = { header: "frame-meet", slots: "frame-stream", gossip: "frame-ask", extensions: "frame-update" };

/** What is drawn. real is the bytes of the packet, or null when it was never sent. */
export interface Raster {
  parts: readonly Part[];
  real: string | null;
  slots: string; // the colour of the bitmap
  hot: Kind | null;
  names: Readonly<Record<Kind, string>>;
}

/** rowsOf is how many rows a packet takes. */
export function rowsOf(parts: readonly Part[]): number {
  const last = parts.at(-1);
  return last ? Math.ceil((last.at + last.len) / ROW) : 0;
}

/** drawRaster draws the packet into a picture of so many pixels a byte. */
export function drawRaster(pen: CanvasRenderingContext2D, palette: Palette, cell: number, raster: Raster): void {
  const bytes = raster.real === null ? null : bytesIn(raster.real);
  pen.clearRect(0, 0, ROW * cell, rowsOf(raster.parts) * cell);
  for (const part of raster.parts) {
    pen.fillStyle = part.kind === "slots" ? raster.slots : palette.token[COLOURS[part.kind]];
    for (let at = part.at; at < part.at + part.len; at++) {
      pen.globalAlpha = bytes ? weight(part.kind, bytes[at]!) : 0.55;
      pen.fillRect((at % ROW) * cell, Math.floor(at / ROW) * cell, cell - gap(cell), cell - gap(cell));
    }
  }
  pen.globalAlpha = 1;
  for (const run of runsOf(raster.parts)) outline(pen, palette, run, cell, run.kind === raster.hot);
  for (const run of runsOf(raster.parts)) plate(pen, palette, run, cell, raster.names[run.kind]);
}

function gap(cell: number): number {
  return cell > 3 ? 1 : 0;
}

/** weight is how strongly a byte is drawn: by its set bits in the bitmap, else whether it is zero. */
function weight(kind: Kind, byte: number): number {
  if (kind !== "slots") return byte === 0 ? 0.25 : 0.95;
  let bits = 0;
  for (let b = byte; b > 0; b >>= 1) bits += b & 1;
  return 0.2 + (0.75 * bits) / 8;
}

/** runsOf joins neighbouring parts of one kind. */
export function runsOf(parts: readonly Part[]): { kind: Kind; at: number; len: number }[] {
  const runs: { kind: Kind; at: number; len: number }[] = [];
  for (const { kind, at, len } of parts) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.len += len;
    else runs.push({ kind, at, len });
  }
  return runs;
}

/** outline draws the border of a run of bytes. */
function outline(pen: CanvasRenderingContext2D, palette: Palette, run: { at: number; len: number }, cell: number, hot: boolean): void {
  const from = run.at;
  const to = run.at + run.len;
  const edge = (x0: number, y0: number, x1: number, y1: number) => {
    pen.moveTo(x0 * cell, y0 * cell);
    pen.lineTo(x1 * cell, y1 * cell);
  };
  const [top, left, bottom, right] = [Math.floor(from / ROW), from % ROW, Math.floor(to / ROW), to % ROW];
  pen.beginPath();
  edge(left, top, ROW, top);
  edge(0, top + 1, left, top + 1);
  edge(left, top, left, top + 1);
  edge(0, bottom + (right > 0 ? 1 : 0), right > 0 ? right : ROW, bottom + (right > 0 ? 1 : 0));
  if (right > 0) {
    edge(right, bottom, ROW, bottom);
    edge(right, bottom, right, bottom + 1);
  }
  pen.lineWidth = (hot ? 3 : 1) * palette.stroke;
  pen.strokeStyle = hot ? palette.token.focus : palette.token.ground;
  pen.stroke();
}

/** plate writes a run's name on it, where there is room. */
function plate(pen: CanvasRenderingContext2D, palette: Palette, run: { at: number; len: number }, cell: number, name: string): void {
  const rows = run.len / ROW;
  if (rows * cell < palette.text * 1.7) return;
  const y = ((run.at + run.len / 2) / ROW) * cell;
  pen.font = `600 ${palette.text}px ${palette.sans}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const width = pen.measureText(name).width + palette.text * 1.2;
  pen.fillStyle = palette.token.ground;
  pen.beginPath();
  pen.roundRect((ROW * cell - width) / 2, y - palette.text * 0.8, width, palette.text * 1.6, 4);
  pen.fill();
  pen.fillStyle = palette.token.ink;
  pen.fillText(name, (ROW * cell) / 2, y + 0.5);
}
