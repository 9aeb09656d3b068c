import assert from "node:assert/strict";
import test from "node:test";
import { believing, node } from "./sample.ts";
import { appendStory, mergeNodes, Store, STORY_LIMIT } from "./store.ts";
import type { Batch, Snapshot, StoryItem } from "./wire.ts";

const item = (seq: number): StoryItem => ({ seq, t: seq, node: "7000", name: "+vote", line: "", caption: "", level: "info" });

const snapshot = (over: Partial<Snapshot> = {}): Snapshot => ({
  seq: 10, lab: "main", seed: 42, now: 1000, wall: 1, clock: { speed: 1, paused: false }, links: "tcp", state: "ok",
  slotsCovered: 16384, epoch: 3, nodes: [node("7001", "B"), node("7000", "A")], rules: [], held: [], moves: [],
  load: { rate: 0, running: false, acked: 0, replicated: 0, lost: 0, unknown: 0, errors: 0 }, story: [item(10)], ...over,
});

const batch = (over: Partial<Batch>): Batch => ({ type: "batch", seq: 11, now: 1050, wall: 2, ...over });

test("a snapshot replaces everything and puts nodes in shard order", () => {
  const store = new Store();
  assert.equal(store.apply({ type: "snapshot", snapshot: snapshot() }, 5), true);
  assert.deepEqual(store.nodes.value.map((n) => n.name), ["7000", "7001"]);
  assert.equal(store.seq, 10);
  assert.deepEqual(store.instant.value, { now: 1000, heard: 5 });
});

test("a batch changes what it names and nothing else", () => {
  const store = new Store();
  store.apply({ type: "snapshot", snapshot: snapshot() }, 0);
  const before = { load: store.load.value, clock: store.clock.value, rules: store.rules.value };
  store.apply(batch({ nodes: [node("7001", "B", { state: "killed" })], events: [item(11)], state: "fail" }), 9);
  assert.equal(store.node("7001")?.state, "killed");
  assert.equal(store.node("7000")?.state, "up");
  assert.deepEqual(store.story.value.map((s) => s.seq), [10, 11]);
  assert.equal(store.summary.value.state, "fail");
  assert.equal(store.summary.value.epoch, 3);
  assert.deepEqual({ load: store.load.value, clock: store.clock.value, rules: store.rules.value }, before);
});

test("a batch before the first snapshot, or from the past, is ignored", () => {
  const store = new Store();
  store.apply(batch({ epoch: 9 }), 0);
  assert.equal(store.loaded.value, false);
  store.apply({ type: "snapshot", snapshot: snapshot() }, 0);
  store.apply(batch({ seq: 3, epoch: 9 }), 0);
  assert.equal(store.summary.value.epoch, 3);
});

test("lists that the server wrote as null are empty", () => {
  const store = new Store();
  const bare = { ...node("7000", "A"), slots: null, beliefs: null } as never;
  store.apply({ type: "snapshot", snapshot: snapshot({ nodes: [bare], story: null as never }) }, 0);
  assert.deepEqual(store.nodes.value[0]?.slots, []);
  assert.deepEqual(store.nodes.value[0]?.beliefs, []);
  assert.deepEqual(store.story.value, []);
});

test("messages for others are left to others", () => {
  assert.equal(new Store().apply({ type: "lesson" } as never, 0), false);
});

test("nodes that are gone leave, new ones take their shard's place", () => {
  const merged = mergeNodes([node("7000", "A"), node("7001", "B")], [node("7005", "A", { role: "replica" })], ["7001"]);
  assert.deepEqual(merged.map((n) => n.name), ["7000", "7005"]);
});

test("the story takes each event once and forgets the oldest", () => {
  const first = appendStory([], [item(1), item(2)]);
  assert.equal(appendStory(first, [item(1), item(2)]), first);
  const long = appendStory(first, Array.from({ length: STORY_LIMIT }, (_, i) => item(i + 3)));
  assert.equal(long.length, STORY_LIMIT);
  assert.equal(long.at(-1)?.seq, STORY_LIMIT + 2);
});

test("ages and counts alone change a node and leave the others", () => {
  const store = new Store();
  const beliefs = [believing("7001", "master"), believing("7002", "master")];
  store.apply({ type: "snapshot", snapshot: snapshot({ nodes: [node("7000", "A", { beliefs }), node("7001", "B")] }) }, 0);
  const other = store.node("7001");
  store.apply(batch({ ages: { 7000: [30, 40] }, counts: { 7000: [9, 8, 7, 6, 5, 4] } }), 0);
  assert.deepEqual([store.node("7000")?.offset, store.node("7000")?.clients], [9, 4]);
  assert.deepEqual(store.node("7000")?.beliefs.map((b) => b.pongAge), [30, 40]);
  assert.deepEqual(store.node("7001"), other);
});
