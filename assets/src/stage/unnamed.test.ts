import assert from "node:assert/strict";
import test from "node:test";
import { node } from "../core/sample.ts";
import { place } from "./layout.ts";
import { subjectNode, unnamed } from "./unnamed.ts";

const small = place(["A", "B", "C"].map((shard, i) => node(String(7000 + i), shard)), 1050, 500);
const large = place(Array.from({ length: 600 }, (_, i) => node(String(7000 + i), `S${i % 300}`)), 1050, 500);

test("where every node has its name beside it none is written twice", () => {
  assert.deepEqual(unnamed("full", small, ["7000", "7001"]), []);
});

test("in a crowd the node under the pointer and the chosen one have a name, once if they are the same", () => {
  assert.deepEqual(unnamed("dots", large, ["7005", "7009"]), ["7005", "7009"]);
  assert.deepEqual(unnamed("dots", large, ["7005", "7005"]), ["7005"]);
  assert.deepEqual(unnamed("plain", small, ["7001", null]), ["7001"]);
  assert.deepEqual(unnamed("full", large, ["7005", null]), ["7005"], "too small for words");
});

test("who is gone has no name", () => {
  assert.deepEqual(unnamed("dots", large, ["6999", null]), []);
  assert.equal(subjectNode({ kind: "node", node: "7001" }), "7001");
  assert.equal(subjectNode({ kind: "stage" }), null);
  assert.equal(subjectNode(null), null);
});
