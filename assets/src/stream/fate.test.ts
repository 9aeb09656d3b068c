import assert from "node:assert/strict";
import test from "node:test";
import { node } from "../core/sample.ts";
import type { NodeView, Stream } from "../core/wire.ts";
import { fateOf } from "./fate.ts";

function master(over: Partial<Stream["backlog"]> = {}, ids: Partial<NodeView> = {}, secondOffset = -1): NodeView {
  return node("7000", "A", {
    replid: "a".repeat(40), offset: 1000, ...ids,
    stream: { secondOffset, backlog: { active: true, size: 16384, first: 501, length: 500, ...over }, followers: [], link: null, minReplicas: null },
  });
}
const asker = (replid: string, offset: number) => node("7001", "A", { role: "replica", master: "7000", replid: replid.repeat(40), offset });

test("the backlog's first byte is the oldest that a partial sync can begin with", () => {
  assert.deepEqual(fateOf(asker("a", 500), master()), { kind: "partial", why: "", next: 501, bytes: 500 });
  assert.equal(fateOf(asker("a", 499), master()).why, "offset-out-of-backlog");
  assert.equal(fateOf(asker("a", 1000), master()).bytes, 0, "nothing is missing, and that is a partial sync too");
  assert.equal(fateOf(asker("a", 1001), master()).why, "ahead");
});

test("another history is sent whole, but the one before goes as far as it was shared", () => {
  assert.equal(fateOf(asker("b", 800), master()).why, "unknown-replid");
  const promoted = master({}, { replid2: "b".repeat(40) }, 801);
  assert.equal(fateOf(asker("b", 800), promoted).kind, "partial");
  assert.equal(fateOf(asker("b", 801), promoted).why, "replid2-too-far");
});

test("without a backlog everything is sent", () => {
  assert.equal(fateOf(asker("a", 800), master({ active: false })).why, "no-backlog");
});
