import assert from "node:assert/strict";
import { test } from "node:test";
import { bandOf, boxesOf, cellOf, inBand, SIDE, slotAt, step } from "./grid.ts";

test("a point and its cell agree, and a point outside has the nearest", () => {
  for (const slot of [0, 127, 128, 8191, 16383]) {
    const { x, y } = cellOf(slot);
    assert.equal(slotAt((x + 0.5) * 5, (y + 0.5) * 5, SIDE * 5), slot);
  }
  assert.equal(slotAt(-9, -9, 640), 0);
  assert.equal(slotAt(9999, 9999, 640), 16383);
});

test("a band covers its slots and nothing else", () => {
  for (const band of [[5, 5], [5, 9], [120, 130], [100, 700], [0, 16383]] as const) {
    const covered = new Set<number>();
    for (const box of boxesOf(band)) {
      for (let y = box.y; y < box.y + box.h; y++) for (let x = box.x; x < box.x + box.w; x++) covered.add(y * SIDE + x);
    }
    assert.equal(covered.size, band[1] - band[0] + 1);
    for (const slot of covered) assert.ok(inBand(band, slot));
  }
  assert.deepEqual(bandOf(9, 5), [5, 9]);
  assert.equal(inBand(null, 5), false);
});

test("keys walk over the map and stop at its ends", () => {
  assert.equal(step(0, "ArrowLeft"), 0);
  assert.equal(step(127, "ArrowRight"), 128);
  assert.equal(step(130, "ArrowUp"), 2);
  assert.equal(step(16383, "PageDown"), 16383);
  assert.equal(step(300, "Home"), 256);
  assert.equal(step(300, "End"), 383);
  assert.equal(step(300, "End", true), 16383);
  assert.equal(step(300, "x"), null);
});
