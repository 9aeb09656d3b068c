import assert from "node:assert/strict";
import test from "node:test";
import type { Frame } from "../core/frames.ts";
import { CAPACITY, Flights, SHORTEST, type Times } from "./flights.ts";

const frame = (over: Partial<Frame> = {}): Frame => ({
  id: 1, kind: 0, dropped: false, held: false, from: 7000, to: 7001, aux: 0, bytes: 100, sent: 1000, arrived: 1000.1, ...over,
});
const at = (wall: number, virtual = 1000, speed = 1): Times => ({ wall, virtual, speed });
const parts = (f: Flights, times: Times, delay = 0): number[] => {
  const seen: number[] = [];
  f.each(times, () => delay, (_, part) => seen.push(Math.round(part * 100) / 100));
  return seen;
};

test("a frame faster than a blink is shown for the shortest time", () => {
  const f = new Flights();
  f.add([frame()], at(0));
  assert.deepEqual(parts(f, at(SHORTEST / 2)), [0.5]);
  assert.deepEqual(parts(f, at(SHORTEST)), []);
});

test("a slow frame is drawn at its true ratio", () => {
  const f = new Flights();
  f.add([frame({ arrived: 3000 })], at(0));
  assert.deepEqual(parts(f, at(500)), [0.25]);
});

test("in slow motion the same frame takes longer", () => {
  const f = new Flights();
  f.add([frame({ arrived: 1020 })], at(0, 1000, 0.01));
  assert.deepEqual(parts(f, at(1000)), [0.5]);
});

test("frames of one message leave in the order in which they were sent", () => {
  const f = new Flights();
  f.add([frame({ id: 1, sent: 1000 }), frame({ id: 2, sent: 1045, arrived: 1045.1 })], at(0));
  assert.deepEqual(parts(f, at(45)), [0.1, 0]);
});

test("an unfinished frame follows the link's delay and waits short of the end", () => {
  const f = new Flights();
  f.add([frame({ arrived: null })], at(0));
  assert.deepEqual(parts(f, at(100, 1100), 200), [0.5]);
  assert.deepEqual(parts(f, at(9000, 9000), 200), [0.92]);
});

test("a held frame waits half-way, however long, and goes on when it is released", () => {
  const f = new Flights();
  f.add([frame({ arrived: null, held: true })], at(0));
  assert.deepEqual(parts(f, at(60_000), 200), [0.5]);
  f.add([frame({ arrived: 60_000 })], at(60_000));
  assert.deepEqual(parts(f, at(60_000)), [0.5]);
  assert.deepEqual(parts(f, at(60_000 + SHORTEST / 4)), [0.75]);
  assert.deepEqual(parts(f, at(60_000 + SHORTEST)), []);
});

test("frames at a door stand in a queue, and who goes leaves its place to the next", () => {
  const f = new Flights();
  const [one, two] = [1, 2].map((id) => frame({ id, arrived: null, held: true }));
  f.wait([one!, two!, frame({ id: 3, to: 7002, arrived: null, held: true })], at(0));
  assert.deepEqual(parts(f, at(SHORTEST)), [0.5, 0.41, 0.5]);
  f.add([frame({ id: 1, arrived: 5000 })], at(SHORTEST));
  f.wait([two!], at(SHORTEST));
  assert.deepEqual(parts(f, at(SHORTEST * 1.25)), [0.75, 0.5], "the first goes on, the second moves up, the third is gone untold");
  f.wait([two!], at(9000));
  assert.deepEqual(parts(f, at(9000)), [0.5]);
});

test("a frame that is only late is where it is on its way", () => {
  const f = new Flights();
  f.wait([frame({ arrived: null, sent: 900 })], at(0));
  assert.deepEqual(parts(f, at(0, 1000), 200), [0.5]);
});

test("a dropped frame ends on the way", () => {
  const f = new Flights();
  f.add([frame({ arrived: null, dropped: true })], at(0));
  assert.deepEqual(parts(f, at(SHORTEST * 0.6)), [0.6]);
  assert.deepEqual(parts(f, at(SHORTEST * 0.8)), []);
});

test("more frames than the stage can show push out the oldest", () => {
  const f = new Flights();
  f.add(Array.from({ length: CAPACITY + 10 }, (_, i) => frame({ id: i })), at(0));
  assert.equal(parts(f, at(10)).length, CAPACITY);
});
