import assert from "node:assert/strict";
import { test } from "node:test";
import { levelOf, SCALE } from "./heat.ts";

test("the scale grows brighter with every step, so that it reads without colour", () => {
  const light = SCALE.map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b);
  for (let i = 8; i < light.length; i += 8) assert.ok(light[i]! > light[i - 8]!, `step ${i}`);
});

test("nothing is cold, the most is hot, and one key is seen beside a million", () => {
  assert.equal(levelOf(0, 100), 0);
  assert.equal(levelOf(5, 0), 0);
  assert.equal(levelOf(100, 100), 255);
  assert.ok(levelOf(1, 1_000_000) > 0);
  assert.ok(levelOf(10, 100) < levelOf(50, 100));
});
