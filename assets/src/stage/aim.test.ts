import assert from "node:assert/strict";
import test from "node:test";
import { node } from "../core/sample.ts";
import { linkAt, subjectAt } from "./aim.ts";
import { enclosed } from "./lasso.ts";
import { place } from "./layout.ts";

const nodes = ["A", "B", "C"].map((shard, i) => node(String(7000 + i), shard));
const scene = place(nodes, 1050, 500);
const middle = (a: string, b: string) => {
  const [s, o] = [scene.spots.get(a)!, scene.spots.get(b)!];
  return { x: (s.x + o.x) / 2, y: (s.y + o.y) / 2 };
};

test("pointing at a line means the link, at a shape the node, at nothing the stage", () => {
  const none = () => null;
  assert.deepEqual(subjectAt(scene, middle("7000", "7001"), none), { kind: "link", from: "7000", to: "7001" });
  assert.deepEqual(subjectAt(scene, scene.spots.get("7002")!, none), { kind: "node", node: "7002" });
  assert.deepEqual(subjectAt(scene, { x: 2, y: 2 }, none), { kind: "stage" });
});

test("a message in flight comes before the link it flies along", () => {
  const frame = { id: 1, kind: 0, dropped: false, held: false, from: 7000, to: 7001, aux: 0, bytes: 1, sent: 0, arrived: null };
  assert.equal(subjectAt(scene, middle("7000", "7001"), () => frame).kind, "frame");
});

test("where links are too many to tell apart none is meant", () => {
  const many = place(Array.from({ length: 40 }, (_, i) => node(String(7000 + i), "ABCDEFGHIJ"[i % 10]!)), 1050, 500);
  const [a, b] = [...many.spots.values()];
  assert.equal(linkAt(many, { x: (a!.x + b!.x) / 2, y: (a!.y + b!.y) / 2 }), null);
});

test("a lasso holds what it goes around, also when it is drawn the other way or crookedly", () => {
  const box = (x1: number, y1: number, x2: number, y2: number) => [{ x: x1, y: y1 }, { x: x2, y: y1 }, { x: x2, y: y2 }, { x: x1, y: y2 }];
  assert.deepEqual(enclosed(scene, box(0, 0, 1050, 500)), ["7000", "7001", "7002"]);
  const { x, y } = scene.spots.get("7001")!;
  assert.deepEqual(enclosed(scene, box(x - 9, y - 9, x + 9, y + 9).reverse()), ["7001"]);
  assert.deepEqual(enclosed(scene, [{ x: x - 40, y: y - 40 }, { x: x + 40, y: y - 40 }, { x, y: y - 10 }, { x: x - 40, y: y + 40 }]), []);
  assert.deepEqual(enclosed(scene, []), []);
});
