// How much is drawn of each thing. What counts is how many nodes can be seen at once: who comes
// nearer to a large cluster sees the same detail as in a small one.

import { onStage } from "./camera.ts";
import type { Scene } from "./layout.ts";

/** Up to so many nodes in sight everything is drawn; up to so many more, shapes without words. */
export const WORDS_UP_TO = 60;
export const SHAPES_UP_TO = 300;

/** Nodes smaller than these radii, in pixels, carry no letter and no words. */
export const LETTER_FROM = 9;
export const WORDS_FROM = 12;

/**
 * full: shapes, words, the mesh, frames with their shapes. plain: no words, no mesh.
 * dots: squares, and frames as sparks.
 */
export type Detail = "full" | "plain" | "dots";

/** detailOf is the detail for so many nodes in sight. */
export function detailOf(inSight: number): Detail {
  return inSight <= WORDS_UP_TO ? "full" : inSight <= SHAPES_UP_TO ? "plain" : "dots";
}

/** inSight counts the nodes that can be seen. */
export function inSight(scene: Scene): number {
  let count = 0;
  for (const spot of scene.spots.values()) if (onStage(scene, spot)) count++;
  return count;
}

/** pauseOf is how long a still picture stays at least, in milliseconds: a large one is costly. */
export function pauseOf(nodes: number): number {
  return nodes <= WORDS_UP_TO ? 0 : nodes <= SHAPES_UP_TO ? 100 : 250;
}
