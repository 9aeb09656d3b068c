import assert from "node:assert/strict";
import test from "node:test";
import { node } from "../core/sample.ts";
import type { NodeView } from "../core/wire.ts";
import { sameScene } from "./layout.ts";
import { placeTree } from "./tree.ts";

/** lab makes nodes that stand behind others, by their numbers, and some Sentinels. */
function lab(behind: readonly number[], sentinels = 0): NodeView[] {
  const name = (i: number) => String(7000 + i);
  return [
    node(name(0), "A", { behind: "" }),
    ...behind.map((of, i) => node(name(i + 1), "A", { role: "replica", master: name(of), behind: name(of) })),
    ...Array.from({ length: sentinels }, (_, i) => node(String(7100 + i), "", { role: "sentinel" })),
  ];
}

test("nobody moves when a replica is promoted by hand", () => {
  const before = lab([0, 0, 1], 3);
  const after = before.map((n) => (n.name === "7001" ? { ...n, role: "master" as const, master: "" } : n.name === "7000" ? { ...n, role: "replica" as const, master: "7001" } : n));
  const [a, b] = [placeTree(before, 950, 480), placeTree(after, 950, 480)];
  for (const [name, spot] of a.spots) assert.deepEqual([spot.x, spot.y], [b.spots.get(name)!.x, b.spots.get(name)!.y], name);
  assert.ok(sameScene(a, placeTree([...before].reverse(), 950, 480)), "the order of the list has no say");
});

test("a replica of a replica stands behind it", () => {
  const { spots } = placeTree(lab([0, 1, 2]), 950, 480);
  const at = [0, 1, 2, 3].map((i) => spots.get(String(7000 + i))!);
  assert.ok(at.every((s, i) => i === 0 || s.x > at[i - 1]!.x + 2 * s.r && s.y === at[0]!.y));
});

test("no two nodes overlap and all stand on the stage, however many", () => {
  for (const [replicas, sentinels] of [[0, 0], [1, 1], [2, 3], [5, 5], [12, 3], [40, 0], [95, 7], [299, 0]] as const) {
    for (const [width, height] of [[950, 480], [600, 400], [1280, 420]] as const) {
      const spots = [...placeTree(lab(Array.from({ length: replicas }, () => 0), sentinels), width, height).spots];
      spots.forEach(([a, s], i) => {
        assert.ok(s.x >= s.r && s.x <= width - s.r && s.y >= s.r && s.y <= height - s.r, `${replicas}+${sentinels}: ${a} at ${s.x}, ${s.y}`);
        for (const [b, o] of spots.slice(i + 1)) assert.ok(Math.hypot(s.x - o.x, s.y - o.y) >= s.r + o.r, `${replicas}+${sentinels} in ${width}: ${a} and ${b}`);
      });
    }
  }
});

test("whose master has gone stands alone", () => {
  assert.equal(placeTree(lab([0, 0]).slice(1), 950, 480).spots.size, 2);
});
