import assert from "node:assert/strict";
import { test } from "node:test";
import { node } from "../core/sample.ts";
import { runsOf, territoryOf } from "./owners.ts";

test("every slot has the owner with the greater epoch, or nobody", () => {
  const map = territoryOf([
    node("7000", "A", { slots: [[0, 99]], epoch: 1, state: "killed" }),
    node("7003", "A", { slots: [[0, 49]], epoch: 7 }),
    node("7001", "B", { slots: [[200, 16383]], epoch: 2 }),
  ], new Map([["7001", { pfail: 0, fail: 2, of: 2 }]]));
  const runs = runsOf(map).map((r) => [r.from, r.to, map.owners[r.owner]?.node.name, map.owners[r.owner]?.served]);
  assert.deepEqual(runs, [
    [0, 49, "7003", true], [50, 99, "7000", false], [100, 199, undefined, undefined], [200, 16383, "7001", false],
  ]);
});

test("an empty lab is one run of nobody's", () => {
  assert.deepEqual(runsOf(territoryOf([], new Map())), [{ from: 0, to: 16383, owner: -1 }]);
});
