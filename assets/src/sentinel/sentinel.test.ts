import assert from "node:assert/strict";
import test from "node:test";
import { addressesOf, agreed, guardOf } from "../core/guards.ts";
import { node } from "../core/sample.ts";
import { verdictsOf } from "../core/verdict.ts";
import type { Opinion, SentinelView, Watch } from "../core/wire.ts";
import { teachEnglish } from "../core/words.kit.ts";
import { remaining } from "./failover.ts";
import { heldBy } from "./matrix.ts";

teachEnglish();

const opinion = (kind: Opinion["kind"], name: string, over: Partial<Opinion> = {}): Opinion => ({
  kind, node: name, down: "", since: 0, flags: [kind], linked: true, silent: 0, pingDue: 0, helloDue: 0, infoDue: 0, role: kind, follows: "",
  linkUp: true, priority: 100, offset: 0, unfit: "", saysDown: false, leader: "", leadEpoch: 0, ...over,
});

function watcher(port: number, down: Opinion["down"], failover: Partial<Watch["failover"]> = {}, current = "7000"): SentinelView {
  return {
    name: String(port), port, state: "up", why: "", id: "", epoch: 3, tiltUntil: 0, conf: { text: "", at: 0, diff: [] },
    watches: [{
      master: "mymaster", node: "7000", current, quorum: 2, voters: 3, needed: 2, downAfter: 30_000, failoverTimeout: 180_000, parallelSyncs: 1,
      configEpoch: 1, failover: { state: "none", epoch: 3, changed: 0, until: 0, notBefore: 0, votes: [], promoted: "", ...failover },
      instances: [opinion("master", "7000", { down }), opinion("slave", "7001"), opinion("sentinel", port === 7003 ? "7004" : "7003", { linked: false })],
    }],
  };
}

test("only Sentinels have opinions, and ODOWN weighs more than SDOWN", () => {
  const nodes = [node("7000", "A", { state: "killed" }), node("7001", "A", { role: "replica", master: "7000" }), guardOf(watcher(7003, "odown")), guardOf(watcher(7004, "sdown"))];
  assert.deepEqual(verdictsOf(nodes).get("7000"), { pfail: 1, fail: 1, of: 2 });
  assert.deepEqual(verdictsOf(nodes).get("7003"), { pfail: 0, fail: 0, of: 1 });
  assert.equal(heldBy(nodes[2]!, nodes[0]!).held, "odown");
  assert.equal(heldBy(nodes[2]!, nodes[3]!).held, "unlinked");
  assert.equal(heldBy(nodes[2]!, nodes[2]!).held, "self");
});

test("a Sentinel that counts votes is a candidate", () => {
  const guard = guardOf(watcher(7003, "odown", { state: "wait_start", votes: [{ for: "7003", count: 1 }] }));
  assert.deepEqual(guard.election, { epoch: 3, votes: 1, needed: 2, due: 0 });
  assert.equal(guardOf(watcher(7004, "")).election, null);
});

test("Sentinels that tell clients different addresses do not agree", () => {
  const nodes = [guardOf(watcher(7003, "")), guardOf(watcher(7004, "", {}, "7001"))];
  assert.deepEqual(addressesOf(nodes).map((a) => a.address), ["7000", "7001"]);
  assert.ok(!agreed(addressesOf(nodes)));
  assert.ok(agreed(addressesOf([nodes[0]!, { ...nodes[1]!, state: "killed" }])), "one that is down tells nobody anything");
});

test("a state counts down in the lab's time, and none counts to the next attempt", () => {
  assert.match(remaining(watcher(7003, "odown", { state: "wait_promotion", until: 9000 }).watches[0]!, 4000), /5\.0.s/);
  assert.match(remaining(watcher(7003, "", { notBefore: 64_000 }).watches[0]!, 4000), /1.min/);
  assert.equal(remaining(watcher(7003, "").watches[0]!, 4000), "");
});
