import assert from "node:assert/strict";
import test from "node:test";
import { isIn } from "./kinds.ts";

test("a verb or panel without a meaning in a kind of lab is not offered there", () => {
  assert.ok(isIn("cluster", "move-slots") && !isIn("sentinel", "move-slots"));
  assert.ok(isIn("chain", "replicaof") && !isIn("cluster", "replicaof"));
  assert.ok(isIn("sentinel", "sentinels") && !isIn("chain", "sentinels"));
  assert.ok(isIn("replication", "kill"), "what is not listed is everywhere");
});
