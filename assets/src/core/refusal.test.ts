import assert from "node:assert/strict";
import test from "node:test";
import { refusalOf } from "./refusal.ts";

test("what to do is told apart from what is wrong", () => {
  assert.equal(refusalOf({ error: "the lab is not paused", hint: "pause first" }), "the lab is not paused (pause first)");
  assert.equal(refusalOf({ error: "The server cannot be reached.", hint: "Is playground still running?" }), "The server cannot be reached. Is playground still running?");
  assert.equal(refusalOf({ error: "连不上服务器。", hint: "playground 还在运行吗？" }), "连不上服务器。 playground 还在运行吗？");
  assert.equal(refusalOf({ error: "17000 is not running" }), "17000 is not running");
});
