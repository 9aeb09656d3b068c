import assert from "node:assert/strict";
import { test } from "node:test";
import { Loads } from "./loads.ts";

test("a moment of the past shows its keys, and the rate since the record before it", () => {
  const loads = new Loads();
  assert.equal(loads.known, false);
  loads.take({ now: 100_000, rows: [[5, 900, 90_000]] });
  loads.show({ now: 20_000, rows: [[5, 3, 60], [7, 1, 1]], before: { now: 10_000, rows: [[5, 2, 10]] } });
  assert.equal(loads.known, true);
  assert.deepEqual([loads.keys[5], loads.keys[7]], [3, 1]);
  assert.deepEqual([loads.rate[5], Math.round(loads.rate[7]! * 10)], [5, 1]);
  loads.show({ now: 30_000, rows: [[7, 2, 5]] });
  assert.deepEqual([loads.keys[5], loads.rate[5], loads.rate[7]], [0, 0, 0], "without a record before it no rate is known");
  loads.take({ now: 31_000, rows: [[7, 2, 6]] });
  assert.equal(loads.rate[7], 1);
  loads.clear();
  assert.equal(loads.known, false);
  assert.equal(loads.keys[7], 0);
});
