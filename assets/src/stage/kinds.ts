// How each kind of frame looks in flight: a colour, a shape and a size.

import { Kind } from "../core/frames.ts";
import type { Topology } from "../core/wire.ts";
import type { Palette, Token } from "./palette.ts";
import { cross, disc } from "./shapes.ts";

type Pen = CanvasRenderingContext2D;
type Shape = "dot" | "ring" | "cross" | "triangle" | "tick" | "diamond" | "square";

/** A kind's look. `calm` kinds dim while an election runs, so that the actors are lit. */
export interface FrameLook {
  name: string; // the id of its name in the catalogue
  colour: Token;
  shape: Shape;
  size: number;
  calm: boolean;
}

const looks = new Map<number, FrameLook>([
  [Kind.Ping, { name: "frame.ping", colour: "frame-ping", shape: "dot", size: 3, calm: true }],
  [Kind.Pong, { name: "frame.pong", colour: "frame-pong", shape: "ring", size: 3, calm: true }],
  [Kind.Meet, { name: "frame.meet", colour: "frame-meet", shape: "dot", size: 5, calm: false }],
  [Kind.Fail, { name: "frame.fail", colour: "frame-fail", shape: "cross", size: 6, calm: false }],
  [Kind.Publish, { name: "frame.publish", colour: "frame-publish", shape: "diamond", size: 4, calm: false }],
  [Kind.AuthRequest, { name: "frame.ask", colour: "frame-ask", shape: "triangle", size: 6, calm: false }],
  [Kind.AuthAck, { name: "frame.vote", colour: "frame-vote", shape: "tick", size: 6, calm: false }],
  [Kind.Update, { name: "frame.update", colour: "frame-update", shape: "diamond", size: 6, calm: false }],
  [Kind.MFStart, { name: "frame.mfstart", colour: "frame-ask", shape: "square", size: 4, calm: false }],
  [Kind.Module, { name: "frame.module", colour: "frame-publish", shape: "diamond", size: 4, calm: false }],
  [Kind.PublishShard, { name: "frame.publishshard", colour: "frame-publish", shape: "diamond", size: 4, calm: false }],
  [Kind.Replication, { name: "frame.replication", colour: "frame-stream", shape: "square", size: 3, calm: false }],
  [Kind.Migration, { name: "frame.migration", colour: "frame-update", shape: "square", size: 4, calm: false }],
  [Kind.Sentinel, { name: "frame.sentinel", colour: "frame-ask", shape: "dot", size: 2, calm: true }],
  [Kind.WatchPing, { name: "frame.ping", colour: "frame-ping", shape: "dot", size: 3, calm: true }],
  [Kind.WatchPong, { name: "frame.pong", colour: "frame-pong", shape: "ring", size: 3, calm: true }],
  [Kind.Info, { name: "frame.info", colour: "frame-update", shape: "square", size: 3, calm: true }],
  [Kind.Hello, { name: "frame.hello", colour: "frame-meet", shape: "diamond", size: 4, calm: true }],
  [Kind.AskDown, { name: "frame.askdown", colour: "frame-fail", shape: "triangle", size: 5, calm: false }],
  [Kind.AskVote, { name: "frame.askvote", colour: "frame-ask", shape: "triangle", size: 6, calm: false }],
  [Kind.Vote, { name: "frame.votefor", colour: "frame-vote", shape: "tick", size: 6, calm: false }],
  [Kind.ReplicaOf, { name: "frame.replicaof", colour: "frame-update", shape: "diamond", size: 6, calm: false }],
  [Kind.Connect, { name: "frame.connect", colour: "frame-meet", shape: "ring", size: 4, calm: true }],
  [Kind.Close, { name: "frame.close", colour: "frame-fail", shape: "ring", size: 4, calm: true }],
]);

const STRANGE: FrameLook = { name: "frame.strange", colour: "muted", shape: "dot", size: 3, calm: false };

/** lookOfKind gives a kind's look; a kind we do not know is a plain dot. */
export function lookOfKind(kind: number): FrameLook {
  return looks.get(kind) ?? STRANGE;
}

/** The kinds the legend always shows; the others appear once they have been seen. */
const COMMON: Record<Topology, readonly number[]> = {
  cluster: [Kind.Ping, Kind.Pong, Kind.Replication], replication: [Kind.Replication], chain: [Kind.Replication],
  sentinel: [Kind.WatchPing, Kind.WatchPong, Kind.Info, Kind.Hello, Kind.Replication],
};

/** commonIn are those of a kind of lab. */
export function commonIn(kind: Topology): readonly number[] {
  return COMMON[kind];
}

/** sizeOf is how large a look is drawn, in pixels from its middle. */
export function sizeOf(palette: Palette, look: FrameLook): number {
  return look.size * (palette.stroke > 1 ? 1.5 : 1);
}

/** stamp draws a kind's shape at a point. */
export function stamp(pen: Pen, palette: Palette, look: FrameLook, x: number, y: number): void {
  const size = sizeOf(palette, look);
  pen.fillStyle = pen.strokeStyle = palette.token[look.colour];
  pen.lineWidth = Math.max(1.5, size * 0.45);
  pen.lineCap = "round";
  trace[look.shape](pen, x, y, size);
}

const trace: Record<Shape, (pen: Pen, x: number, y: number, r: number) => void> = {
  dot(pen, x, y, r) {
    disc(pen, x, y, r);
    pen.fill();
  },
  ring(pen, x, y, r) {
    disc(pen, x, y, r - 0.5);
    pen.stroke();
  },
  cross(pen, x, y, r) {
    cross(pen, x, y, r * 0.8);
    pen.stroke();
  },
  triangle(pen, x, y, r) {
    pen.beginPath();
    pen.moveTo(x, y - r);
    pen.lineTo(x + r * 0.9, y + r * 0.7);
    pen.lineTo(x - r * 0.9, y + r * 0.7);
    pen.closePath();
    pen.fill();
  },
  tick(pen, x, y, r) {
    pen.beginPath();
    pen.moveTo(x - r * 0.8, y);
    pen.lineTo(x - r * 0.2, y + r * 0.6);
    pen.lineTo(x + r * 0.9, y - r * 0.7);
    pen.stroke();
  },
  diamond(pen, x, y, r) {
    pen.beginPath();
    pen.moveTo(x, y - r);
    pen.lineTo(x + r, y);
    pen.lineTo(x, y + r);
    pen.lineTo(x - r, y);
    pen.closePath();
    pen.fill();
  },
  square(pen, x, y, r) {
    pen.fillRect(x - r, y - r, 2 * r, 2 * r);
  },
};
