// The moving picture: what flies between the nodes, painted anew for every screen refresh.

import type { Frame } from "../core/frames.ts";
import type { Rule } from "../core/wire.ts";
import type { Point } from "./hand.ts";
import { DROP_AT, type Flights, type Times } from "./flights.ts";
import { lookOfKind, type FrameLook } from "./kinds.ts";
import type { Scene, Spot } from "./layout.ts";
import { along, pathBetween, type Path } from "./links.ts";
import type { Palette } from "./palette.ts";
import { cross, disc } from "./shapes.ts";
import type { Sprites } from "./sprites.ts";

type Pen = CanvasRenderingContext2D;

/** How much a calm frame fades while an election runs. */
const DIMMED = 0.2;

/** A frame this near to the pointer, in pixels, is the one that is meant. */
const REACH = 14;

/** Motion draws flights over one scene. Paths are kept until the scene changes. */
export class Motion {
  private paths = new Map<number, Path | null>();
  private spots = new Map<number, Spot>();
  private delays = new Map<number, number>();
  readonly seen = new Set<number>();
  dim = false;
  still = false; // the viewer asked for reduced motion

  constructor(private palette: Palette, private readonly sprites: Sprites) {}

  /** look takes a new palette. */
  look(palette: Palette): void {
    this.palette = palette;
  }

  /** settle takes a new scene; spots are found by port, as frames name their nodes. */
  settle(scene: Scene, ports: ReadonlyMap<number, string>): void {
    this.paths.clear();
    this.spots.clear();
    for (const [port, name] of ports) {
      const spot = scene.spots.get(name);
      if (spot) this.spots.set(port, spot);
    }
  }

  /** follow takes the rules, which say how long a frame may be expected to fly. */
  follow(rules: readonly Rule[], portOf: (name: string) => number): void {
    this.delays.clear();
    for (const rule of rules) this.delays.set(pair(portOf(rule.from), portOf(rule.to)), rule.delayMs);
  }

  /** draw paints every flight onto a cleared canvas and returns how many there were. */
  draw(pen: Pen, width: number, height: number, flights: Flights, times: Times): number {
    pen.clearRect(0, 0, width, height);
    const shown = flights.each(times, this.delayOf, (frame, part) => this.drawOne(pen, frame, part));
    pen.globalAlpha = 1;
    return shown;
  }

  /** at finds the frame in flight nearest to a point. */
  at(x: number, y: number, flights: Flights, times: Times): Frame | null {
    let found: Frame | null = null;
    let least = REACH;
    flights.each(times, this.delayOf, (frame, part) => {
      const path = this.pathOf(frame);
      if (!path) return;
      const spot = along(path, Math.min(part, frame.dropped ? DROP_AT : 1));
      const distance = Math.hypot(spot.x - x, spot.y - y);
      if (distance >= least) return;
      least = distance;
      found = frame;
    });
    return found;
  }

  /** where is the place of a frame: where it flies, or half-way when the page has not seen it leave. */
  where(wanted: Frame, flights: Flights, times: Times): Point | null {
    let found = 0.5;
    flights.each(times, this.delayOf, (frame, part) => {
      if (frame.id === wanted.id) found = Math.min(part, frame.dropped ? DROP_AT : 1);
    });
    const path = this.pathOf(wanted);
    return path && along(path, found);
  }

  private readonly delayOf = (frame: Frame): number => this.delays.get(pair(frame.from, frame.to)) ?? 0;

  private drawOne(pen: Pen, frame: Frame, part: number): void {
    const path = this.pathOf(frame);
    if (!path) return;
    const look = lookOfKind(frame.kind);
    this.seen.add(frame.kind);
    pen.globalAlpha = this.dim && look.calm ? DIMMED : 1;
    if (this.still) return this.pulse(pen, path, look, part);
    if (frame.dropped && part > DROP_AT) return this.burst(pen, path, part);
    const { x, y } = along(path, part);
    const { image, half } = this.sprites.of(frame.kind);
    pen.drawImage(image, x - half, y - half, 2 * half, 2 * half);
    if (frame.held) this.ring(pen, x, y);
  }

  /** pulse shows a frame without motion: its line brightens and fades once. */
  private pulse(pen: Pen, path: Path, look: FrameLook, part: number): void {
    pen.globalAlpha *= 0.4 * Math.sin(Math.PI * Math.min(1, Math.max(0, part)));
    pen.strokeStyle = this.palette.token[look.colour];
    pen.lineWidth = 2 * this.palette.stroke;
    pen.beginPath();
    pen.moveTo(path.x1, path.y1);
    pen.quadraticCurveTo(path.cx, path.cy, path.x2, path.y2);
    pen.stroke();
  }

  /** burst marks where a dropped frame was lost. */
  private burst(pen: Pen, path: Path, part: number): void {
    const { x, y } = along(path, DROP_AT);
    pen.globalAlpha = Math.max(0, 1 - (part - DROP_AT) / 0.2);
    pen.strokeStyle = this.palette.token.fail;
    pen.lineWidth = 2 * this.palette.stroke;
    cross(pen, x, y, 5);
    pen.stroke();
  }

  private ring(pen: Pen, x: number, y: number): void {
    disc(pen, x, y, 10);
    pen.strokeStyle = this.palette.token.warn;
    pen.lineWidth = 2;
    pen.stroke();
  }

  private pathOf(frame: Frame): Path | null {
    const key = pair(frame.from, frame.to);
    let path = this.paths.get(key);
    if (path === undefined) {
      const from = this.spots.get(frame.from);
      const to = this.spots.get(frame.to);
      path = from && to ? pathBetween(from, to) : null;
      this.paths.set(key, path);
    }
    return path;
  }
}

/** pair makes one key of two ports. */
function pair(from: number, to: number): number {
  return from * 65536 + to;
}
