import assert from "node:assert/strict";
import { test } from "node:test";
import { Archive, joined } from "./archive.ts";
import type { GaugeSample } from "./gauges.ts";

const MINUTE = 60_000;

function sample(t: number): GaugeSample {
  const row = { node: "7000", up: true, replica: false, offset: t, lag: 0, commands: t, keys: 1, memory: 1, clients: 1 };
  return { t, rows: [{ ...row, sentBytes: 0, receivedBytes: 0, sent: [], received: [], pingBytes: 0, pingGossip: 0 }] };
}

test("a window of the past is fetched once, and again when the film has left what was fetched", async () => {
  const asked: [number, number][] = [];
  let came = 0;
  const archive = new Archive((after, until) => {
    asked.push([after, until]);
    const samples = [];
    for (let t = after + 2000; t <= until; t += 2000) samples.push(sample(t));
    return Promise.resolve({ types: [], kept: 600, dropped: 0, samples });
  }, () => came++);
  const present = 100 * MINUTE;
  const window = (to: number) => ({ from: to - 15 * MINUTE, to });
  archive.bookFor(window(50 * MINUTE), present);
  archive.bookFor(window(50 * MINUTE), present);
  await new Promise(setImmediate);
  assert.deepEqual(asked, [[32 * MINUTE, 52 * MINUTE]]);
  assert.equal(came, 1);
  const book = archive.bookFor(window(51 * MINUTE), present);
  assert.equal(asked.length, 1);
  assert.ok(book.times[0]! <= 35 * MINUTE && book.times.at(-1)! === 52 * MINUTE, "the whole window is there");
  assert.ok([...book.columns.values()].some((lines) => lines.has("7000")));
  archive.bookFor(window(53 * MINUTE), present);
  await new Promise(setImmediate);
  assert.equal(asked.length, 2);
  archive.bookFor(window(100 * MINUTE), present);
  assert.deepEqual(asked[2], [80 * MINUTE, 100 * MINUTE], "nothing is asked of the future");
});

test("a record that does not answer is asked again", async () => {
  let tries = 0;
  const archive = new Archive(() => {
    tries++;
    return Promise.reject(new Error("away"));
  }, () => {});
  for (let i = 0; i < 2; i++) {
    archive.bookFor({ from: 0, to: 1 }, 10);
    await new Promise(setImmediate);
  }
  assert.equal(tries, 2);
});

test("what is recorded and what the lab still has meet where both have a sample", () => {
  const times = (samples: GaugeSample[]) => samples.map((s) => s.t);
  assert.deepEqual(times(joined([1, 3, 5, 7].map(sample), [4, 5, 6, 7, 8].map(sample))), [1, 3, 5, 6, 7, 8]);
  assert.deepEqual(times(joined([1, 3].map(sample), [4, 5].map(sample))), [4, 5]);
  assert.deepEqual(times(joined([], [4, 5].map(sample))), [4, 5]);
});
