import assert from "node:assert/strict";
import test from "node:test";
import { bothWays, cellOf, sentenceOf } from "./beliefs.ts";
import { believing, node } from "./sample.ts";
import { seenBy } from "./verdict.ts";
import { teachEnglish } from "./words.kit.ts";

teachEnglish();

const master = node("7001", "B", { beliefs: [believing("7000", "master")] });
const replica = node("7004", "B", { role: "replica", master: "7001" });
const observer = node("7000", "A", {
  epoch: 3, beliefs: [believing("7001", "master", "fail?"), { ...believing("7004", "slave"), master: "7002", epoch: 9 }],
});

test("a cell says both directions in words", () => {
  assert.equal(bothWays(observer, master), "7000 about 7001: PFAIL: I cannot reach it, epoch 1. 7001 about 7000: reachable, epoch 1.");
  assert.equal(bothWays(observer, observer), "7000 itself, epoch 3.");
  assert.equal(sentenceOf(master, replica), "7001 has never heard of 7004.");
});

test("a node that is held for another's replica is marked, and drawn at the one it is believed to follow", () => {
  assert.deepEqual(cellOf(observer, replica), { opinion: "ok", mark: "✓", epoch: "9", master: "7002" });
  assert.equal(cellOf(observer, master).master, "");
  assert.match(sentenceOf(observer, replica), /It holds it for a replica of 7002\.$/);
  const seen = seenBy(observer, replica);
  assert.deepEqual([seen.master, seen.role, seen.epoch], ["7002", "replica", 9]);
});

test("a node that thinks a replica is a master says so", () => {
  const before = node("7002", "C", { beliefs: [believing("7004", "master")] });
  assert.match(sentenceOf(before, replica), /It holds it for a master\.$/);
});

test("the slots of the stage seen with a node's eyes are those it believes in", () => {
  const believer = node("7000", "A", { beliefs: [{ ...believing("7001", "master"), slots: "0-9,20" }] });
  assert.deepEqual(seenBy(believer, node("7001", "B", { slots: [[0, 16383]] })).slots, [[0, 9], [20, 20]]);
  assert.equal(seenBy(believer, node("7005", "C")).state, "starting", "never heard of");
});
