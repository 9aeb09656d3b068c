import assert from "node:assert/strict";
import test from "node:test";
import { node } from "../core/sample.ts";
import { closest, HOME, look, moved, toward, zoomed, type Camera } from "./camera.ts";
import { place, type Scene } from "./layout.ts";
import { detailOf, inSight } from "./lod.ts";

const scene = (nodes: number): Scene => place(
  Array.from({ length: nodes }, (_, i) => node(String(7000 + i), String.fromCharCode(65 + Math.floor(i / 2) % 26) + (i < 52 ? "" : String.fromCharCode(65 + Math.floor(i / 52))), {
    role: i % 2 ? "replica" : "master",
  })), 1050, 500,
);
const seen = (camera: Camera, x: number, y: number) => [x * camera.k + camera.x, y * camera.k + camera.y];

test("zooming leaves the point under the pointer where it is", () => {
  const near = zoomed(HOME, 2, 300, 200, scene(6));
  assert.deepEqual(seen(near, 300, 200), [300, 200]);
  const nearer = zoomed(near, 1.2, 310, 180, scene(6));
  assert.deepEqual(seen(nearer, (310 - near.x) / near.k, (180 - near.y) / near.k).map(Math.round), [310, 180]);
});

test("no camera sees beyond the picture", () => {
  const s = scene(6);
  for (const camera of [moved(zoomed(HOME, 2, 0, 0, s), 500, 500, s), moved(zoomed(HOME, 2, 0, 0, s), -5000, -5000, s), moved(HOME, 40, 40, s)]) {
    assert.ok(camera.x <= 0 && camera.y <= 0, JSON.stringify(camera));
    assert.ok(camera.x >= s.width * (1 - camera.k) && camera.y >= s.height * (1 - camera.k), JSON.stringify(camera));
  }
});

test("out is never farther than home, in never nearer than its nodes are large", () => {
  const s = scene(1000);
  assert.deepEqual(zoomed(HOME, 0.1, 100, 100, s), HOME);
  assert.equal(zoomed(HOME, 1e6, 100, 100, s).k, closest(s));
  assert.ok(closest(s) > 8, "a thousand nodes are small");
  assert.ok(closest(scene(6)) >= 3);
});

test("who comes near enough sees words again", () => {
  const s = scene(1000);
  assert.equal(detailOf(inSight(s)), "dots");
  assert.equal(detailOf(inSight(look(s, zoomed(HOME, 2.5, 500, 250, s)))), "plain");
  assert.equal(detailOf(inSight(look(s, zoomed(HOME, 8, 500, 250, s)))), "full");
});

test("the detail follows the number of nodes in sight", () => {
  assert.deepEqual([1, 6, 60, 61, 300, 301, 1000].map(detailOf), ["full", "full", "full", "plain", "plain", "dots", "dots"]);
});

test("walking by keys brings a node onto the stage and moves nothing when it is there", () => {
  const s = scene(60);
  const far = zoomed(HOME, 4, 0, 0, s);
  const spot = [...s.spots.values()].at(-1)!;
  const there = toward(far, spot, s);
  const [x, y] = seen(there, spot.x, spot.y);
  assert.ok(x! > 0 && x! < s.width && y! > 0 && y! < s.height);
  assert.deepEqual(seen(toward(there, spot, s), spot.x, spot.y).map(Math.round), [Math.round(x!), Math.round(y!)]);
});
