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

/** drawAim lights up the link under the pointer and, for a class, the place of the pointer itself. */
export function drawAim(pen: CanvasRenderingContext2D, palette: Palette, scene: Scene, at: Point | null, over: Subject | null): void {
  if (!at) return;
  pen.strokeStyle = palette.token.focus;
  if (over?.kind === "link") {
    const [a, b] = [scene.spots.get(over.from), scene.spots.get(over.to)];
    if (a && b) {
      pen.globalAlpha = 0.8;
      pen.lineWidth = 3 * palette.stroke;
      pen.beginPath();
      const path = pathBetween(a, b, 0);
      pen.moveTo(path.x1, path.y1);
      pen.lineTo(path.x2, path.y2);
      pen.stroke();
    }
  }
  if (palette.stroke > 1) {
    pen.globalAlpha = 0.55;
    pen.lineWidth = 5;
    disc(pen, at.x, at.y, HALO);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}
