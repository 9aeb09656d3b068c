import assert from "node:assert/strict";
import test from "node:test";
import { node } from "../core/sample.ts";
import type { Follower } from "../core/wire.ts";
import { marksOf, partOf, spread } from "./marks.ts";

const ID = "a".repeat(40);
const follower = (name: string, ack: number): Follower => ({
  node: name, state: "online", ack, sent: ack, lagBytes: 0, lagSeconds: 0, good: true,
  sync: { kind: "", why: "", at: 0, offset: 0, bytes: 0 }, transfer: null,
});
const keeper = (over: Partial<{ first: number; length: number; followers: Follower[] }> = {}) => node("7000", "A", {
  replid: ID, offset: 20_000,
  stream: {
    secondOffset: -1, backlog: { active: true, size: 16_384, first: over.first ?? 3617, length: over.length ?? 16_384 },
    followers: over.followers ?? [], link: null, minReplicas: null,
  },
});
const other = (name: string, offset: number) => node(name, "A", { role: "replica", master: "7000", replid: ID, offset, stream: keeper().stream! });

test("the ring is written round and round", () => {
  assert.equal(partOf(0, 16_384), 0);
  assert.equal(partOf(4096, 16_384), 0.25);
  assert.equal(partOf(16_384 + 4096, 16_384), 0.25);
});

test("who follows stands where he acknowledged, who is away where he stopped, who is too late nowhere", () => {
  const of = keeper({ followers: [follower("7001", 20_000), follower("7002", 20_000)] });
  const { marks, lost } = marksOf(of, [of, other("7001", 20_000), other("7002", 19_999), other("7003", 8000), other("7004", 3000)]);
  assert.deepEqual(marks.map((m) => [m.kind, m.names]), [["follows", ["7001", "7002"]], ["partial", ["7003"]]]);
  assert.deepEqual(lost, ["7004"]);
});

test("names that would stand on each other move apart", () => {
  const parts = spread([0.5, 0.5, 0.51, 0.9], 0.08);
  const sorted = [...parts].sort((a, b) => a - b);
  sorted.slice(1).forEach((p, i) => assert.ok(p - sorted[i]! >= 0.079));
  assert.ok(Math.abs(parts[3]! - 0.9) < 0.02, "who has room stays");
});
