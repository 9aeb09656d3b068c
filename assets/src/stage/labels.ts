// A node's name and what is worth saying about it in words: inside the shape where there is room,
// else on the side where no neighbour stands.

import { isPlaced } from "../core/shard.ts";
import { isDown } from "../core/verdict.ts";
import type { NodeView } from "../core/wire.ts";
import type { Spot } from "./layout.ts";
import { WORDS_FROM } from "./lod.ts";
import { noteOn } from "./notes.ts";
import type { Palette } from "./palette.ts";
import type { Picture } from "./picture.ts";
import { HEXAGON } from "./shapes.ts";
import { outlined } from "./text.ts";

type Pen = CanvasRenderingContext2D;

/** A name stands this part of the radius below the middle, and does not come nearer to the edge than so many pixels. */
const BELOW = 0.5;
const EDGE = 3;

/** A hexagon's lower edges come in by this much for every pixel that they go down. */
const SLANT = Math.sqrt(3);

/** The timers around a Sentinel reach so far outside of it, in pixels, for the same reason. */
const TIMERS = 33;

/** The ring of votes around a candidate is so wide, in pixels: its name stands beyond it. */
const VOTES = 15;

/** Nodes below this radius, in pixels, stand close together: their names are a little smaller. */
const SMALL = 20;

/** nameInside reports whether a node's name has room in its shape, below the letter. */
export function nameInside(pen: Pen, { palette }: Picture, node: NodeView, spot: Spot): boolean {
  pen.font = `600 ${palette.text}px ${palette.mono}`;
  const foot = spot.r * BELOW + palette.text * 0.4;
  const corner = spot.r * HEXAGON;
  const half = node.role === "master" ? (corner - foot) * SLANT : Math.sqrt(Math.max(0, spot.r ** 2 - foot ** 2));
  return pen.measureText(node.name).width / 2 <= Math.min(half, spot.r) - EDGE;
}

/**
 * drawLabel writes a node's name, and under it what the viewer cannot see from the shape. On a
 * projector, where letters are never small, healthy replicas in a crowd go without a name.
 */
export function drawLabel(pen: Pen, picture: Picture, node: NodeView): void {
  const { palette, scene } = picture;
  const spot = scene.spots.get(node.name);
  if (!spot || spot.r < WORDS_FROM) return;
  const inside = nameInside(pen, picture, node, spot);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `600 ${palette.text * (spot.r < SMALL && palette.stroke === 1 ? 0.85 : 1)}px ${palette.mono}`;
  const crowded = spot.r < palette.text && palette.stroke > 1 && node.role === "replica" && node.state === "up" && picture.selected !== node.name;
  if (inside) drawInside(pen, palette, node, spot);
  else if (!crowded) outlined(pen, palette, node.name, spot.x, lineAt(palette, spot, node, 0), palette.token.ink);
  const note = picture.viewAs ? "" : noteOn(node, picture);
  if (!note) return;
  pen.font = `${palette.text * 0.92}px ${palette.sans}`;
  const grave = isDown(node) || node.role === "replica" && !node.linkUp || node.stream?.minReplicas?.refuses;
  outlined(pen, palette, note, spot.x, lineAt(palette, spot, node, inside ? 0 : 1), palette.token[grave ? "fail-text" : "muted"]);
}

function drawInside(pen: Pen, palette: Palette, node: NodeView, spot: Spot): void {
  const y = spot.y + spot.r * BELOW;
  if (isDown(node)) return outlined(pen, palette, node.name, spot.x, y, palette.token.ink);
  pen.fillStyle = node.role === "master" && node.state === "up" && isPlaced(node) ? palette.token["on-colour"] : palette.token.ink;
  pen.fillText(node.name, spot.x, y);
}

/** lineAt is where a line of words stands, counted away from the shape. */
function lineAt(palette: Palette, spot: Spot, node: NodeView, line: number): number {
  const ring = node.sentinel ? TIMERS : node.election ? VOTES : 0;
  const away = ring + spot.r * (node.role === "master" ? 1.12 : 1) + palette.text * (1.05 + line * 1.2);
  return spot.above ? spot.y - away : spot.y + away;
}
