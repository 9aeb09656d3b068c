// What the pointer means: a node, a message in flight, a link, or the stage itself.

import type { Subject } from "../core/actions.ts";
import type { Frame } from "../core/frames.ts";
import type { Point } from "./hand.ts";
import { hit, type Scene } from "./layout.ts";
import { pathBetween } from "./links.ts";
import type { Palette } from "./palette.ts";
import { disc } from "./shapes.ts";

/** A link can be pointed at when there are no more nodes than these: more links cannot be told apart. */
const LINKS_UP_TO = 16;

/** So near, in pixels, a link is meant. */
const REACH = 5;

/** The ring around the pointer on a projector, in pixels. */
const HALO = 34;

/** The ring around what the keyboard is on, in pixels. */
const RING = 15;

/** linkAt finds the link whose line runs under a point. */
export function linkAt(scene: Scene, { x, y }: Point): { from: string; to: string } | null {
  if (scene.spots.size > LINKS_UP_TO) return null;
  let best: { from: string; to: string } | null = null;
  let least = REACH;
  const spots = [...scene.spots];
  spots.forEach(([from, a], i) => {
    for (const [to, b] of spots.slice(i + 1)) {
      const length = Math.hypot(b.x - a.x, b.y - a.y);
      const part = ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / (length * length);
      if (part <= 0 || part >= 1) continue;
      const away = Math.abs((x - a.x) * (b.y - a.y) - (y - a.y) * (b.x - a.x)) / length;
      if (away >= least) continue;
      least = away;
      best = { from, to };
    }
  });
  return best;
}

/** subjectAt is what is meant by pointing there; frames are asked for only when a menu is wanted. */
export function subjectAt(scene: Scene, at: Point, frameAt: () => Frame | null): Subject {
  const node = hit(scene, at.x, at.y);
  if (node) return { kind: "node", node };
  const frame = frameAt();
  if (frame) return { kind: "frame", frame };
  const link = linkAt(scene, at);
  return link ? { kind: "link", ...link } : { kind: "stage" };
}

/** What is lit up on the stage: what the pointer is over, and what the keyboard is on. */
export interface Lit {
  at: Point | null; // the pointer
  over: Subject | null;
  walked: Subject | null;
  stop: Point | null; // where the keyboard is, when that is no node
}

/** drawAim lights up what is meant and, for a class, the place of the pointer itself. */
export function drawAim(pen: CanvasRenderingContext2D, palette: Palette, scene: Scene, { at, over, walked, stop }: Lit): void {
  pen.strokeStyle = palette.token.focus;
  for (const subject of at ? [over, walked] : [walked]) if (subject?.kind === "link") drawLink(pen, palette, scene, subject);
  if (stop) drawRing(pen, palette, stop);
  if (at && palette.stroke > 1) {
    pen.globalAlpha = 0.55;
    pen.lineWidth = 5;
    disc(pen, at.x, at.y, HALO);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

function drawLink(pen: CanvasRenderingContext2D, palette: Palette, scene: Scene, { from, to }: { from: string; to: string }): void {
  const [a, b] = [scene.spots.get(from), scene.spots.get(to)];
  if (!a || !b) return;
  const path = pathBetween(a, b, 0);
  pen.globalAlpha = 0.8;
  pen.lineWidth = 3 * palette.stroke;
  pen.beginPath();
  pen.moveTo(path.x1, path.y1);
  pen.lineTo(path.x2, path.y2);
  pen.stroke();
}

/** drawRing is the keyboard's focus on the stage, dark and bright, so that it is seen on any ground. */
function drawRing(pen: CanvasRenderingContext2D, palette: Palette, { x, y }: Point): void {
  pen.globalAlpha = 1;
  for (const [width, colour] of [[6, palette.token.ground], [3, palette.token.focus]] as const) {
    pen.lineWidth = width * palette.stroke;
    pen.strokeStyle = colour;
    disc(pen, x, y, RING * palette.stroke);
    pen.stroke();
  }
}
