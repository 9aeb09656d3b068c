// Text on the stage.

import type { Palette } from "./palette.ts";

/** outlined writes text with a rim of ground around it, readable over lines and hatches. */
export function outlined(pen: CanvasRenderingContext2D, palette: Palette, text: string, x: number, y: number, colour: string): void {
  pen.lineJoin = "round";
  pen.lineWidth = 5;
  pen.strokeStyle = palette.token.ground;
  pen.strokeText(text, x, y);
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}
