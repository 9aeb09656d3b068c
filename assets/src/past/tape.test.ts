import assert from "node:assert/strict";
import test from "node:test";
import { node } from "../core/sample.ts";
import type { Batch, RecordedFrame, Snapshot, StoryItem, Stretch } from "../core/wire.ts";
import { Tape } from "./tape.ts";

const item = (seq: number, t: number): StoryItem => ({ seq, t, node: "7000", name: "+vote", line: "", caption: "", level: "info" });
const frame = (id: number, sent: number, over: Partial<RecordedFrame> = {}): RecordedFrame => ({
  id, kind: 0, from: 7000, to: 7001, bytes: 1, sent, arrived: sent + 1, dropped: false, held: false, ...over,
});
const change = (now: number, over: Partial<Batch>): Batch => ({ type: "batch", seq: 1, now, wall: 0, ...over });
const stretch = (from: number, to: number, over: Partial<Stretch> = {}): Stretch => ({
  from, to, end: 9999, changes: [], events: [], frames: [], shown: 0, total: 0, ...over,
});

const start = (): Snapshot => ({
  seq: 1, lab: "main", seed: 1, now: 1000, wall: 0, clock: { speed: 1, paused: false }, links: "tcp", state: "ok",
  slotsCovered: 16384, epoch: 1, nodes: [node("7000", "A")], rules: [], held: [], moves: [],
  load: { rate: 0, running: false, acked: 0, replicated: 0, lost: 0, unknown: 0, errors: 0 }, story: [item(1, 900)],
});

test("a tape plays what happened, each thing at its moment", () => {
  const tape = new Tape();
  tape.load(start(), 1000);
  tape.feed(stretch(500, 3000, {
    changes: [change(900, { epoch: 7 }), change(1500, { nodes: [node("7000", "A", { state: "killed" })] }), change(2500, { epoch: 2 })],
    events: [item(1, 900), item(2, 1600)],
    frames: [frame(1, 995), frame(2, 1550)],
  }));
  assert.deepEqual(tape.advance(1000).map((f) => f.id), [1], "a frame on its way at the beginning");
  assert.equal(tape.store.summary.value.epoch, 1, "what was before the beginning is in the snapshot");
  assert.equal(tape.store.node("7000")?.state, "up");
  assert.deepEqual(tape.advance(2000).map((f) => f.id), [2]);
  assert.equal(tape.store.node("7000")?.state, "killed");
  assert.deepEqual(tape.store.story.value.map((s) => s.seq), [1, 2]);
  assert.equal(tape.store.summary.value.epoch, 1);
  tape.advance(2600);
  assert.equal(tape.store.summary.value.epoch, 2);
});

test("a second piece goes on where the first ended and repeats nothing", () => {
  const tape = new Tape();
  tape.load(start(), 1000);
  tape.feed(stretch(1000, 2000, { frames: [frame(1, 1900)], events: [item(2, 1900)] }));
  tape.feed(stretch(1500, 3000, { frames: [frame(1, 1900), frame(2, 2100)], events: [item(2, 1900), item(3, 2100)] }));
  assert.deepEqual(tape.advance(3000).map((f) => f.id), [1, 2]);
  assert.deepEqual(tape.store.story.value.map((s) => s.seq), [1, 2, 3]);
});

test("the head does not go where nothing is loaded", () => {
  const tape = new Tape();
  tape.load(start(), 1000);
  tape.feed(stretch(1000, 2000));
  assert.equal(tape.covers(1500), true);
  assert.equal(tape.covers(999), false);
  assert.equal(tape.covers(2001), false);
  tape.advance(5000);
  assert.equal(tape.head, 2000);
});

test("a dropped frame never arrives", () => {
  const tape = new Tape();
  tape.load(start(), 1000);
  tape.feed(stretch(1000, 2000, { frames: [frame(1, 1100, { dropped: true, arrived: 0 })] }));
  assert.equal(tape.advance(2000)[0]?.arrived, null);
});
