import assert from "node:assert/strict";
import test from "node:test";
import { piecesAt } from "./problems.ts";

test("the word at a column is meant", () => {
  assert.deepEqual(piecesAt("wait pfale 7002", 6), ["wait ", "pfale", " 7002"]);
  assert.deepEqual(piecesAt("wait pfale", 6), ["wait ", "pfale", ""]);
});

test("columns count bytes, and Chinese has three of them a sign", () => {
  assert.deepEqual(piecesAt('caption 好 weit', 13), ["caption 好 ", "weit", ""]);
});

test("a column beyond the end means nothing", () => {
  assert.deepEqual(piecesAt("wait", 9), ["wait", "", ""]);
  assert.deepEqual(piecesAt("", 1), ["", "", ""]);
});
