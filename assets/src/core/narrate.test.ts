import assert from "node:assert/strict";
import test from "node:test";
import { lineOf, pick, tail } from "./narrate.ts";
import type { StoryItem } from "./wire.ts";

const item = (seq: number, name: string, level: string, line = name, caption = `${name} ${seq}`): StoryItem => ({ seq, t: seq, node: "7000", name, line, caption, level });

test("a line is told without the name that stands beside it", () => {
  assert.equal(lineOf(item(1, "+pfail", "warn", "+pfail 7001: no answer")), "7001: no answer");
  assert.equal(lineOf(item(1, "+demoted", "info", "+demoted: now a replica of 7002")), "now a replica of 7002");
  assert.equal(lineOf(item(1, "input", "info", "kill 7001")), "kill 7001");
  assert.equal(lineOf(item(1, "+killed", "bad", "+killed", "7001 is killed.")), "7001 is killed.");
});

test("a note is in the list for who wants every line, and is never the sentence below the stage", () => {
  const story = [item(1, "+vote", "info"), item(2, "+slot-owner", "note")];
  assert.deepEqual(tail(story, true).map((s) => s.item.seq), [1]);
  assert.deepEqual(tail(story, false).map((s) => s.item.seq), [1, 2]);
  assert.equal(pick(story, null, 0)?.seq, 1);
  assert.equal(pick([...story, item(3, "+meet", "note")], story[0]!, 10_000)?.seq, 1);
});

test("a level that is not known counts as plain news", () => {
  assert.equal(tail([item(1, "+new", "strange")], true).length, 1);
});

test("what happened to many nodes is told once", () => {
  const of = (seq: number, node: string, line: string): StoryItem => ({ ...item(seq, "+cluster-state", "good", line), node });
  const many = ["7000", "7001", "7002", "7003"].map((node, i) => of(i, node, "ok"));
  const told = (story: readonly StoryItem[]) => tail(story, true).map((told) => [told.item.seq, told.nodes.length]);
  assert.deepEqual(told([...many, of(4, "7004", "down"), of(5, "7005", "down")]), [[0, 4], [4, 1], [5, 1]]);
  assert.deepEqual(told(many.slice(0, 3)), [[0, 1], [1, 1], [2, 1]], "three nodes have a line each");
  assert.deepEqual(told([...many, of(4, "7000", "ok")]), [[0, 4], [4, 1]], "to the same node it has happened again");
  const large = Array.from({ length: 2000 }, (_, i) => of(i, String(i), "ok"));
  assert.deepEqual(tail(large, true)[0]!.nodes.length, 2000);
});
