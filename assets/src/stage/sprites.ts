// Small pictures drawn once and stamped many times. A stamp is as sharp as the screen and no larger
// than its shape: what is copied for every frame in flight is what costs.

import { lookOfKind, sizeOf, stamp, type FrameLook } from "./kinds.ts";
import type { Detail } from "./lod.ts";
import type { Palette } from "./palette.ts";

/** A stamp and half its width, in pixels of the stage. */
export interface Sprite {
  image: HTMLCanvasElement;
  half: number;
}

/** Sparks stand for frames where shapes would be too many to tell: a glow of this many pixels. */
const GLOW = 5;

/** drawSprite draws a look in the middle of a square of its own. */
export function drawSprite(palette: Palette, look: FrameLook, density: number): Sprite {
  const half = Math.ceil(sizeOf(palette, look) * 1.3) + 2;
  return { half, image: onCanvas(half, density, (pen) => stamp(pen, palette, look, half, half)) };
}

/** drawSpark draws a glow in a look's colour. */
export function drawSpark(palette: Palette, look: FrameLook, density: number): Sprite {
  const image = onCanvas(GLOW, density, (pen) => {
    const glow = pen.createRadialGradient(GLOW, GLOW, 0.5, GLOW, GLOW, GLOW);
    glow.addColorStop(0, palette.token[look.colour]);
    glow.addColorStop(1, "transparent");
    pen.fillStyle = glow;
    pen.globalAlpha = 0.8;
    pen.fillRect(0, 0, 2 * GLOW, 2 * GLOW);
  });
  return { half: GLOW, image };
}

function onCanvas(half: number, density: number, draw: (pen: CanvasRenderingContext2D) => void): HTMLCanvasElement {
  const image = document.createElement("canvas");
  image.width = image.height = Math.ceil(half * 2 * density);
  const pen = image.getContext("2d")!;
  pen.scale(density, density);
  draw(pen);
  return image;
}

/** Sprites keeps the stamps of one palette on one screen. */
export class Sprites {
  private kept = new Map<number, Sprite>();
  private detail: Detail = "full";

  constructor(private palette: Palette, private density: number) {}

  /** look takes another palette or another screen. */
  look(palette: Palette, density: number): void {
    this.palette = palette;
    this.density = density;
    this.kept.clear();
  }

  /** simplify turns frames into sparks, and back. */
  simplify(detail: Detail): void {
    if ((detail === "dots") !== (this.detail === "dots")) this.kept.clear();
    this.detail = detail;
  }

  /** of is the stamp of a kind of frame. */
  of(kind: number): Sprite {
    let sprite = this.kept.get(kind);
    if (!sprite) {
      const look = lookOfKind(kind);
      const rare = !look.calm && look.size > 4; // a FAIL or a vote is worth its shape in any crowd
      sprite = this.detail === "dots" && !rare ? drawSpark(this.palette, look, this.density) : drawSprite(this.palette, look, this.density);
      this.kept.set(kind, sprite);
    }
    return sprite;
  }
}
