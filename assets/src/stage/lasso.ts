// A line drawn around nodes.

import type { Point } from "./hand.ts";
import type { Scene } from "./layout.ts";
import type { Palette } from "./palette.ts";

/** enclosed names the nodes whose middles a closed line goes around. */
export function enclosed(scene: Scene, line: readonly Point[]): string[] {
  return [...scene.spots].filter(([, spot]) => inside(spot, line)).map(([name]) => name);
}

/** inside counts how often a ray to the right crosses the line: an odd number is inside. */
function inside({ x, y }: Point, line: readonly Point[]): boolean {
  let odd = false;
  line.forEach((a, i) => {
    const b = line[(i + 1) % line.length]!;
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) odd = !odd;
  });
  return odd;
}

/** drawLasso draws the line so far and how it would close. */
export function drawLasso(pen: CanvasRenderingContext2D, palette: Palette, line: readonly Point[]): void {
  if (line.length < 2) return;
  pen.beginPath();
  for (const { x, y } of line) pen.lineTo(x, y);
  pen.closePath();
  pen.fillStyle = pen.strokeStyle = palette.token.focus;
  pen.globalAlpha = 0.12;
  pen.fill();
  pen.globalAlpha = 1;
  pen.lineWidth = 2 * palette.stroke;
  pen.setLineDash([6, 4]);
  pen.stroke();
  pen.setLineDash([]);
}
