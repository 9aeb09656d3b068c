import assert from "node:assert/strict";
import test from "node:test";
import { Kind, type Frame } from "../core/frames.ts";
import { Beats } from "./beats.ts";

const frame = (kind: number, from: number, to: number, sent: number): Frame => ({
  id: sent, kind, dropped: false, held: false, from, to, aux: 0, bytes: 14, sent, arrived: sent,
});

test("a timer runs from the last frame of its kind towards that node, and stops when it is due", () => {
  const beats = new Beats();
  assert.equal(beats.partOf(7003, 7000, Kind.Hello, 2000, 5000), null, "nothing is known yet");
  for (const f of [frame(Kind.Hello, 7003, 7000, 4000), frame(Kind.Hello, 7003, 7001, 4900), frame(Kind.WatchPing, 7003, 7000, 4800)]) beats.note(f);
  assert.equal(beats.partOf(7003, 7000, Kind.Hello, 2000, 5000), 0.5);
  assert.equal(beats.partOf(7003, 7000, Kind.Hello, 2000, 9000), 1);
  beats.note(frame(Kind.WatchPong, 7000, 7003, 5000));
  assert.equal(beats.partOf(7000, 7003, Kind.WatchPong, 1000, 5000), null, "answers have no timer");
});
