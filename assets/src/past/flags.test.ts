import assert from "node:assert/strict";
import test from "node:test";
import type { StoryItem } from "../core/wire.ts";
import { clusters, flagOf, KINDS, neighbour, plant } from "./flags.ts";

const item = (seq: number, t: number, name: string, line = name): StoryItem => ({ seq, t, node: "7000", name, line, caption: "", level: "info" });
const planted = (...items: StoryItem[]) => plant([], items, 100);

test("what somebody did gets a flag only when no event tells of it", () => {
  assert.equal(flagOf(item(1, 0, "input", "playground ctl partition 7000 / 7001"))?.kind.id, "partition");
  assert.equal(flagOf(item(1, 0, "input", "playground ctl kill 7001")), null);
  assert.equal(flagOf(item(1, 0, "+killed"))?.kind.letter, "K");
  assert.equal(flagOf(item(1, 0, "+slot-owner")), null);
});

test("a Sentinel's failover has its flags, and a vote looks like any vote", () => {
  assert.deepEqual(["+sdown", "+odown", "+switch-master", "-failover-abort-not-elected"].map((n) => flagOf(item(1, 0, n))?.kind.id), ["sdown", "odown", "switch", "aborted"]);
  assert.equal(flagOf(item(1, 0, "+vote-for-leader"))?.kind, flagOf(item(1, 0, "+vote"))?.kind);
  assert.equal(flagOf(item(1, 0, "+slave")), null);
});

test("no two kinds look the same", () => {
  assert.equal(new Set(KINDS.map((k) => k.shape + k.letter)).size, KINDS.length);
});

test("flags are planted once, and the oldest give way", () => {
  const first = planted(item(1, 10, "+pfail"), item(2, 20, "+fail"));
  assert.equal(plant(first, [item(2, 20, "+fail")], 100), first);
  assert.deepEqual(plant(first, [item(3, 30, "+vote")], 2).map((f) => f.seq), [2, 3]);
});

test("flags that stand close are one, where the weightiest stands", () => {
  const flags = planted(item(1, 0, "+pfail"), item(2, 5, "+promoted"), item(3, 9, "+vote"), item(4, 100, "+up"));
  const found = clusters(flags, (t) => t, 16);
  assert.deepEqual(found.map((c) => [c.x, c.top.kind.id, c.flags.length]), [[5, "promoted", 3], [100, "up", 1]]);
});

test("clusters never cover each other", () => {
  const flags = planted(item(1, 0, "+pfail"), item(2, 15, "+promoted"), item(3, 17, "+fail"), item(4, 33, "+vote"));
  const places = clusters(flags, (t) => t, 16).map((c) => c.x);
  assert.deepEqual(places, [15, 31, 47]);
});

test("a dense line does not become one flag", () => {
  const many = planted(...Array.from({ length: 50 }, (_, i) => item(i, i * 10, "+pfail")));
  assert.equal(clusters(many, (t) => t, 20).length, 25);
});

test("the arrows go to the flag before and after", () => {
  const flags = planted(item(1, 10, "+pfail"), item(2, 20, "+fail"), item(3, 20, "+fail"), item(4, 30, "+vote"));
  assert.equal(neighbour(flags, 20, 1), 30);
  assert.equal(neighbour(flags, 20, -1), 10);
  assert.equal(neighbour(flags, 30, 1), null);
});
