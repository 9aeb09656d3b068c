// The three timers of a Sentinel as arcs around it, from the inner one to the outer one: PING each
// second, hello each two, INFO each ten. A full arc is due. They are those towards the master.

import type { NodeView } from "../core/wire.ts";
import { BEATS, type Beats } from "./beats.ts";
import { lookOfKind } from "./kinds.ts";
import type { Scene } from "./layout.ts";
import type { Palette } from "./palette.ts";

/** The first arc runs so far outside of the square's half width, and each further one so much farther, in pixels. */
const FIRST = 1.62;
const APART = 5;

/** While a failover is near, INFO is asked each second: its arc runs ten times as fast. */
const EAGER = 1000;

/** drawTimers draws the arcs of every Sentinel that runs, as they are at a moment of the lab. */
export function drawTimers(pen: CanvasRenderingContext2D, palette: Palette, scene: Scene, nodes: readonly NodeView[], beats: Beats, now: number): void {
  for (const node of nodes) {
    const spot = scene.spots.get(node.name);
    const watch = node.sentinel?.watches[0];
    if (!spot || !watch || node.state !== "up" || node.election) continue; // votes stand there
    const eager = watch.failover.state !== "none" || watch.instances[0]?.down === "odown";
    BEATS.forEach(({ kind, every, name }, i) => {
      const part = beats.partOf(node.port, Number(watch.node), kind, name === "info" && eager ? EAGER : every, now);
      const r = spot.r * FIRST + i * APART * palette.stroke;
      ring(pen, palette, spot.x, spot.y, r, palette.token[lookOfKind(kind).colour], part);
    });
  }
  pen.globalAlpha = 1;
}

function ring(pen: CanvasRenderingContext2D, palette: Palette, x: number, y: number, r: number, colour: string, part: number | null): void {
  pen.strokeStyle = colour;
  pen.lineWidth = 2.5 * palette.stroke;
  pen.globalAlpha = 0.16;
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.stroke();
  if (part === null) return;
  pen.globalAlpha = 0.9;
  pen.beginPath();
  pen.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + part * 2 * Math.PI);
  pen.stroke();
}
