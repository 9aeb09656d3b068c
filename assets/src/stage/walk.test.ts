import assert from "node:assert/strict";
import test from "node:test";
import type { HeldFrame } from "../core/wire.ts";
import type { Scene } from "./layout.ts";
import { around, beside, inOrder, neighbourOf } from "./walk.ts";

const scene: Scene = {
  width: 200, height: 200, cells: [],
  spots: new Map([["middle", [100, 100]], ["left", [10, 100]], ["top", [100, 10]], ["right", [190, 100]], ["bottom", [101, 190]]].map(([name, at]) => {
    const [x, y] = at as number[];
    return [name as string, { x: x!, y: y!, r: 10 }];
  })),
};

const held = (id: number, from: string, to: string): HeldFrame => ({ id, from, to, type: "PING", bytes: 100, age: 0 });

test("the links of a node are walked clockwise from the top", () => {
  assert.deepEqual(around(scene, "middle"), ["top", "right", "bottom", "left"]);
  assert.deepEqual(around(scene, "nobody"), []);
});

test("a ring has no end, and who is not in it begins", () => {
  assert.equal(beside(["a", "b", "c"], "c", 1), "a");
  assert.equal(beside(["a", "b", "c"], "a", -1), "c");
  assert.equal(beside(["a", "b", "c"], "x", 1), "a");
  assert.equal(beside([], "x", 1), undefined);
});

test("the frames of one link follow each other", () => {
  const frames = [held(9, "7001", "7000"), held(3, "7000", "7002"), held(2, "7000", "7001"), held(8, "7000", "7001")];
  assert.deepEqual(inOrder(frames).map((f) => f.id), [2, 8, 3, 9]);
});

test("a held frame that is gone leaves its place to the next, the last one to the one before", () => {
  const [a, b, c] = [held(1, "7000", "7001"), held(2, "7000", "7001"), held(3, "7000", "7001")];
  assert.equal(neighbourOf([a, b, c], b, 1), c);
  assert.equal(neighbourOf([a, b, c], c, 1), a);
  assert.equal(neighbourOf([a, c], b, 0), c);
  assert.equal(neighbourOf([a, b], c, 0), b);
  assert.equal(neighbourOf([], c, 0), null);
});
