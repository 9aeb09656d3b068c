// The small marks at a node: what the lab knows (killed, frozen), what the others believe (FAIL,
// PFAIL and how many of them), and what it is doing (asking for votes).

import { count } from "../core/format.ts";
import { plain, type Verdict } from "../core/verdict.ts";
import type { NodeView } from "../core/wire.ts";
import type { Spot } from "./layout.ts";
import type { Palette } from "./palette.ts";
import { bars, crack, cross, disc } from "./shapes.ts";

type Pen = CanvasRenderingContext2D;

/** At nodes below this radius, in pixels, a verdict stands to the left: to the right is a replica. */
const SMALL = 20;

/** A verdict keeps so far from the edge of the stage, in pixels. */
const EDGE = 4;

/** A Sentinel's timers begin at this many radii. */
const TIMERS = 1.62;

/** drawMarks draws every mark that applies; `alone` means that one observer's eyes are used. */
export function drawMarks(pen: Pen, palette: Palette, node: NodeView, spot: Spot, verdict: Verdict, alone: boolean): void {
  if (!alone) drawTruth(pen, palette, node, spot);
  const over = node.role === "sentinel" ? spot.r * TIMERS + 12 * palette.stroke : 0; // its timers are in the way
  if (verdict.fail > 0) drawBadge(pen, palette, spot, plain(node) ? "ODOWN" : "FAIL", verdict.fail, verdict.of, palette.token["fail-text"], alone, over);
  else if (verdict.pfail > 0) drawBadge(pen, palette, spot, plain(node) ? "SDOWN" : "?", verdict.pfail, verdict.of, palette.token.warn, alone, over);
  if (node.election) drawVotes(pen, palette, spot, node.election.votes, node.election.needed);
}

function drawTruth(pen: Pen, palette: Palette, node: NodeView, spot: Spot): void {
  switch (node.state) {
    case "killed":
    case "crashed":
    case "stopped":
      (node.state === "crashed" ? crack : cross)(pen, spot.x, spot.y, spot.r * 0.8);
      pen.strokeStyle = palette.token.fail;
      pen.lineWidth = Math.max(3, spot.r * 0.16) * palette.stroke;
      pen.lineCap = "round";
      pen.stroke();
      pen.lineCap = "butt";
      return;
    case "frozen":
      drawFrozen(pen, palette, spot);
      return;
    default:
      if (node.busy || node.disk) drawTrouble(pen, palette, spot, node.busy ? "BUSY" : "DISK");
  }
}

/**
 * drawTrouble writes why a node that runs refuses: a script that does not end, its disk. It stands below,
 * on the side of the stage's middle, because verdicts are above and replicas outside.
 */
function drawTrouble(pen: Pen, palette: Palette, spot: Spot, word: string): void {
  const left = spot.x >= pen.canvas.width / pen.getTransform().a / 2;
  if (spot.r < 9) return drawDot(pen, { ...spot, x: left ? spot.x - 2 * spot.r : spot.x, y: spot.y + 2 * spot.r }, palette.token.warn);
  const [width] = sizeOf(pen, palette, word);
  const x = left ? spot.x - spot.r * 0.75 - width : spot.x + spot.r * 0.75;
  drawPill(pen, palette, word, x, spot.y + spot.r * 0.95, palette.token.warn);
}

/** drawFrozen puts a pause sign on the node's upper left, so that the letter stays readable. */
function drawFrozen(pen: Pen, palette: Palette, spot: Spot): void {
  const r = Math.max(6, spot.r * 0.4);
  const x = spot.x - spot.r * 0.85;
  const y = spot.y - spot.r * 0.85;
  disc(pen, x, y, r);
  pen.fillStyle = palette.token.ink;
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = palette.token.ground;
  pen.stroke();
  bars(pen, x, y, r * 0.5);
  pen.fillStyle = palette.token.ground;
  pen.fill();
}

/** drawBadge writes a verdict at the node's upper right, with how many hold it. */
function drawBadge(
  pen: Pen, palette: Palette, spot: Spot, word: string, n: number, of: number, colour: string, alone: boolean, over = 0,
): void {
  if (spot.r < 9) return drawDot(pen, spot, colour);
  const text = alone ? word : `${word} ${count(n)}/${count(of)}`;
  const [width, height] = sizeOf(pen, palette, text);
  const free = over > 0 ? spot.x - width / 2 : spot.r < SMALL ? spot.x - spot.r * 0.6 - width : spot.x + spot.r * 0.75;
  const x = Math.max(EDGE, Math.min(free, pen.canvas.width / pen.getTransform().a - width - EDGE));
  const y = over > 0 ? (spot.above ? spot.y + over + height / 2 : spot.y - over - height / 2) : spot.y - spot.r * 0.95;
  drawPill(pen, palette, text, x, y, colour);
}

/** sizeOf is how wide and high a pill with a text is. */
function sizeOf(pen: Pen, palette: Palette, text: string): [width: number, height: number] {
  pen.font = `600 ${palette.text * 0.92}px ${palette.sans}`;
  return [pen.measureText(text).width + palette.text * 0.9, palette.text * 1.45];
}

/** drawPill writes a text on a pill that begins at x and whose middle is at y. */
function drawPill(pen: Pen, palette: Palette, text: string, x: number, y: number, colour: string): void {
  const [width, height] = sizeOf(pen, palette, text);
  pen.beginPath();
  pen.roundRect(x, y - height / 2, width, height, height / 2);
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = palette.token.ground;
  pen.stroke();
  pen.fillStyle = palette.token.ground;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillText(text, x + palette.text * 0.45, y + 1);
}

function drawDot(pen: Pen, spot: Spot, colour: string): void {
  disc(pen, spot.x + spot.r, spot.y - spot.r, 3);
  pen.fillStyle = colour;
  pen.fill();
}

/** drawVotes draws one arc per vote needed around a candidate, thick once it is cast. */
function drawVotes(pen: Pen, palette: Palette, spot: Spot, votes: number, needed: number): void {
  const parts = Math.max(1, needed);
  const gap = 0.16;
  for (let i = 0; i < parts; i++) {
    const from = -Math.PI / 2 + (i * 2 * Math.PI) / parts + gap / 2;
    pen.beginPath();
    pen.arc(spot.x, spot.y, spot.r + 14, from, from + (2 * Math.PI) / parts - gap);
    pen.lineWidth = (i < votes ? 6 : 2) * palette.stroke;
    pen.strokeStyle = i < votes ? palette.token.ok : palette.token.muted;
    pen.stroke();
  }
}
