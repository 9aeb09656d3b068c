import assert from "node:assert/strict";
import { test } from "node:test";
import { bitmapOf, bytesIn, flowOf, flowWith, gossipOf, LARGE, packetOf, REAL, sumsOf, withSlots, type Part } from "./beat.ts";
import { rowsOf, runsOf } from "./raster.ts";

const parts: Part[] = [
  { kind: "header", name: "signature", at: 0, len: 80, value: "RCmb" }, { kind: "slots", name: "slots", at: 80, len: 2048, value: "5461" },
  { kind: "header", name: "master", at: 2128, len: 128, value: "–" }, { kind: "gossip", name: "7001", at: 2256, len: 104, value: "master" },
  { kind: "gossip", name: "7002", at: 2360, len: 104, value: "master" },
];

test("a bitmap has a bit a slot: two kibibytes, or eight", () => {
  assert.equal(bitmapOf(REAL), 2048);
  assert.equal(bitmapOf(LARGE), 8192);
});

test("a heartbeat tells of a tenth of the nodes, of three at least, and never of itself or who it is for", () => {
  assert.deepEqual([2, 3, 4, 6, 30, 60, 1000].map(gossipOf), [0, 1, 2, 3, 3, 6, 100]);
  assert.equal(packetOf(6, REAL), 2256 + 3 * 104);
  assert.equal(packetOf(1000, LARGE), 208 + 8192 + 100 * 104);
});

test("with more slots everything behind the bitmap moves", () => {
  const moved = withSlots(parts, LARGE);
  assert.deepEqual(moved.map((p) => [p.at, p.len]), [[0, 80], [80, 8192], [8272, 128], [8400, 104], [8504, 104]]);
  assert.deepEqual(sumsOf(moved), { header: 208, slots: 8192, gossip: 208, extensions: 0 });
  assert.deepEqual(withSlots(parts, REAL), parts);
});

test("neighbouring parts of a kind are one run, and the last row counts", () => {
  assert.deepEqual(runsOf(parts).map((r) => [r.kind, r.at, r.len]), [["header", 0, 80], ["slots", 80, 2048], ["header", 2128, 128], ["gossip", 2256, 208]]);
  assert.equal(rowsOf(parts), 39);
  assert.equal(rowsOf([]), 0);
});

test("the flow is measured from counters; a node that began anew is left out", () => {
  const row = (node: string, sent: number[], sentBytes: number, up = true) => ({
    node, up, sent, sentBytes, replica: false, offset: 0, lag: 0, commands: 0, keys: 0, memory: 0, clients: 0, receivedBytes: 0, received: [], pingBytes: 0, pingGossip: 0,
  });
  const types = ["ping", "pong", "update"];
  const flow = flowOf({ types, kept: 600, dropped: 0, samples: [
    { t: 0, rows: [row("7000", [10, 5], 1000), row("7001", [9], 9000), row("7002", [1], 1)] },
    { t: 2000, rows: [row("7000", [14, 7, 2], 21000), row("7001", [1], 100), row("7002", [], 0, false)] },
  ] });
  assert.deepEqual(flow, { packets: 4, updates: 1, bytes: 10000 });
  assert.equal(flowWith(flow!, LARGE), 10000 + 5 * 6144);
  assert.equal(flowWith(flow!, REAL), 10000);
  assert.equal(flowOf({ types, kept: 0, dropped: 0, samples: [] }), null);
});

test("bytes come as they were", () => {
  assert.deepEqual([...bytesIn("UkMAAP8=")], [0x52, 0x43, 0, 0, 0xff]);
});
