import assert from "node:assert/strict";
import test from "node:test";
import { FOUND_UP_TO, findNodes } from "./find.ts";
import { node } from "./sample.ts";

const nodes = Array.from({ length: 300 }, (_, i) => node(String(17000 + i), "AB"[i % 2]!));
const named = (typed: string) => findNodes(nodes, typed).map((n) => n.name);

test("a node is found by its whole name, spaces or not", () => {
  assert.deepEqual(named(" 17233 "), ["17233"]);
});

test("of those whose names begin so a few are offered, shard by shard", () => {
  assert.deepEqual(named("1723"), ["17230", "17232", "17234", "17236", "17238", "17231", "17233", "17235"]);
  assert.equal(named("17").length, FOUND_UP_TO);
});

test("nothing typed, a verb and a command find no node", () => {
  for (const typed of ["", "  ", "kill", "17233 x", "7233"]) assert.deepEqual(named(typed), []);
});
