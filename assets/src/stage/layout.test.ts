import assert from "node:assert/strict";
import test from "node:test";
import { node } from "../core/sample.ts";
import type { NodeView } from "../core/wire.ts";
import { between, hit, place, sameScene, walk } from "./layout.ts";

/** cluster makes shards of one master and some replicas. */
function cluster(shards: number, replicas = 1): NodeView[] {
  const letter = (i: number): string => (i < 26 ? String.fromCharCode(65 + i) : letter(Math.floor(i / 26) - 1) + letter(i % 26));
  return Array.from({ length: shards * (replicas + 1) }, (_, i) => node(String(7000 + i), letter(i % shards), {
    role: i < shards ? "master" : "replica", master: String(7000 + (i % shards)),
  }));
}

test("the same nodes always stand in the same places", () => {
  assert.ok(sameScene(place(cluster(3), 900, 500), place(cluster(3), 900, 500)));
});

test("every node stands on the stage and no two shards overlap", () => {
  for (const shards of [1, 2, 3, 4, 5, 6, 9, 12, 13, 40, 100]) {
    for (const [width, height] of [[1050, 530], [600, 400], [1280, 500]] as const) {
      const { cells, spots } = place(cluster(shards, 2), width, height);
      for (const [name, s] of spots) {
        assert.ok(s.x >= 0 && s.x <= width && s.y >= 0 && s.y <= height, `${shards} shards: ${name} at ${s.x}, ${s.y}`);
      }
      cells.forEach((a, i) => cells.slice(i + 1).forEach((b) => {
        assert.ok(Math.hypot(a.x - b.x, a.y - b.y) >= (a.orbit + b.orbit) * 0.99, `${shards} shards: ${a.shard} and ${b.shard} overlap`);
      }));
    }
  }
});

test("no two nodes overlap, whoever is promoted", () => {
  for (const [shards, replicas] of [[1, 1], [3, 1], [3, 5], [4, 2], [1, 10], [1, 19], [5, 3], [12, 4], [20, 2], [500, 1]] as const) {
    const nodes = cluster(shards, replicas);
    for (const scene of [place(nodes, 1050, 500), place(nodes.map((n) => ({ ...n, role: n.role === "master" ? "replica" as const : "master" as const })), 1050, 500)]) {
      const spots = [...scene.spots];
      spots.forEach(([a, s], i) => spots.slice(i + 1).forEach(([b, o]) => {
        const apart = Math.hypot(s.x - o.x, s.y - o.y);
        assert.ok(apart >= s.r + o.r, `${shards} shards of ${replicas + 1}: ${a} and ${b} are ${apart} apart, ${s.r} and ${o.r} large`);
      }));
    }
  }
});

test("room is kept for words above and below", () => {
  for (const shards of [1, 3, 5, 12, 40]) {
    for (const s of place(cluster(shards, 2), 1050, 500, { head: 30, foot: 60 }).spots.values()) {
      assert.ok(s.y - s.r >= 30 && s.y + s.r <= 440, `${shards} shards: ${s.y} ± ${s.r}`);
    }
  }
});

test("a promoted replica's name and its old master's stand on different sides", () => {
  for (const shards of [1, 2, 3, 4, 5, 6]) {
    const { cells, spots } = place(cluster(shards, 1), 1050, 500);
    cells.forEach((cell, i) => {
      const [middle, replica] = [spots.get(String(7000 + i))!, spots.get(String(7000 + shards + i))!];
      if (Math.abs(replica.y - middle.y) > cell.r * 0.3) assert.notEqual(replica.above, middle.above, `${shards} shards: ${cell.shard}`);
    });
  }
});

test("a failover changes sizes but moves nobody", () => {
  const before = cluster(3);
  const after = before.map((n) => (n.shard === "B" ? { ...n, role: n.role === "master" ? "replica" as const : "master" as const } : n));
  const [a, b] = [place(before, 900, 500), place(after, 900, 500)];
  for (const [name, s] of a.spots) assert.deepEqual([s.x, s.y], [b.spots.get(name)!.x, b.spots.get(name)!.y], name);
  assert.ok(b.spots.get("7004")!.r > a.spots.get("7004")!.r);
});

test("a new replica moves nobody", () => {
  const before = place(cluster(3), 900, 500);
  const after = place([...cluster(3), node("7006", "B", { role: "replica", master: "7001" })], 900, 500);
  for (const [name, s] of before.spots) assert.deepEqual(after.spots.get(name), s, name);
});

test("on a flat stage three shards stand almost in a row: a link passes beside the third master", () => {
  const [flat, high] = [place(cluster(3), 1160, 300), place(cluster(3), 680, 420)];
  assert.ok(flat.cells[0]!.r > 0.37 * 300, String(flat.cells[0]!.r));
  const [a, b] = [flat.spots.get("7000")!, flat.spots.get("7001")!];
  assert.ok(b.y - a.y > a.r * 1.2, `the line at ${b.y} and the first master at ${a.y}, ${a.r} large`);
  for (const scene of [flat, high]) assert.ok(scene.spots.get("7003")!.y < scene.spots.get("7000")!.y, "the first shard's replica is above");
});

test("nodes that are in no shard yet stand in a circle and touch nobody", () => {
  for (const n of [2, 6, 40]) {
    const scene = place(Array.from({ length: n }, (_, i) => node(String(7000 + i), "")), 1050, 530);
    const spots = [...scene.spots.values()];
    spots.forEach((a, i) => spots.slice(i + 1).forEach((b) => assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > (a.r + b.r) * 1.12, `${n} nodes`)));
  }
});

test("a move ends exactly where it should", () => {
  const [a, b] = [place(cluster(3), 900, 500), place(cluster(4), 900, 500)];
  assert.deepEqual(between(a, b, 1).spots, b.spots);
  assert.equal(between(a, b, 0).spots.get("7000")!.x, a.spots.get("7000")!.x);
});

test("the first nodes come one after the other and stand at once where they stay", () => {
  const scene = place(cluster(3), 900, 500);
  const half = between(place([], 900, 500), scene, 0.5);
  const sizes = [...half.spots].map(([name, s]) => s.r / scene.spots.get(name)!.r);
  assert.ok(sizes[0]! > sizes.at(-1)!, "the first is larger than the last");
  for (const [name, s] of half.spots) assert.equal(s.x, scene.spots.get(name)!.x);
});

test("a click finds the node under it and nothing in the gaps", () => {
  const scene = place(cluster(3), 900, 500);
  const spot = scene.spots.get("7001")!;
  assert.equal(hit(scene, spot.x + spot.r * 0.5, spot.y), "7001");
  assert.equal(hit(scene, 450, 499), null);
});

test("arrow keys reach every node from any other", () => {
  const scene = place(cluster(3), 900, 500);
  const reached = new Set([walk(scene, null, 1, 0)!]);
  for (const from of reached) {
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) reached.add(walk(scene, from, dx, dy)!);
  }
  assert.equal(reached.size, scene.spots.size);
});

test("an empty lab is an empty stage", () => {
  assert.equal(place([], 900, 500).spots.size, 0);
});
