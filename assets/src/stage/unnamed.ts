// The names of single nodes where there is no room for all: of the one that the pointer is over and of the
// chosen one.

import type { Subject } from "../core/actions.ts";
import type { Scene } from "./layout.ts";
import { WORDS_FROM, type Detail } from "./lod.ts";
import type { Palette } from "./palette.ts";
import { outlined } from "./text.ts";

/** subjectNode is the node that is meant, or none. */
export function subjectNode(subject: Subject | null): string | null {
  return subject?.kind === "node" ? subject.node : null;
}

/** unnamed are those of some nodes beside which no name stands yet, each once. */
export function unnamed(detail: Detail, { spots }: Scene, names: readonly (string | null)[]): string[] {
  const missing = (name: string | null): name is string => {
    const spot = name === null ? undefined : spots.get(name);
    return spot !== undefined && (detail !== "full" || spot.r < WORDS_FROM);
  };
  return [...new Set(names.filter(missing))];
}

/** drawName writes a node's name above it or, at the stage's upper edge, below, over whatever is there. */
export function drawName(pen: CanvasRenderingContext2D, palette: Palette, scene: Scene, name: string): void {
  const spot = scene.spots.get(name);
  if (!spot) return;
  const away = spot.r + palette.text;
  pen.font = `600 ${palette.text}px ${palette.mono}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const half = pen.measureText(name).width / 2 + 3;
  const x = Math.min(scene.width - half, Math.max(half, spot.x));
  outlined(pen, palette, name, x, spot.y - away < palette.text / 2 ? spot.y + away : spot.y - away, palette.token.ink);
}
