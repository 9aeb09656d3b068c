import assert from "node:assert/strict";
import test from "node:test";
import { commandFor } from "./command.ts";
import { bytes, clockTime, count, duration, plural, speed } from "./format.ts";
import { lineOf, pick, tail } from "./narrate.ts";
import { believing, node } from "./sample.ts";
import { lookOf, rankOf } from "./shard.ts";
import { bandsOf, countSlots, ownerOf, parseSlots, whatToMove } from "./slots.ts";
import { codeIn } from "./session.ts";
import { retryAfter } from "./socket.ts";
import { neighbour, SPEEDS } from "./speeds.ts";
import { CALM, conditionOf, opinionOf, seenBy, verdictsOf } from "./verdict.ts";
import type { StoryItem } from "./wire.ts";
import { teachEnglish } from "./words.kit.ts";

teachEnglish();

test("numbers, sizes and times are written as people read them", () => {
  const plain = (s: string) => s.replaceAll("\u2009", "_");
  assert.deepEqual([18204, 999, 1234567].map((n) => plain(count(n))), ["18_204", "999", "1_234_567"]);
  assert.deepEqual([512, 1536, 2097152].map((n) => plain(bytes(n))), ["512_B", "1.5_KB", "2.0_MB"]);
  assert.deepEqual([0.42, 12, 5100, 200_000, -1].map((n) => plain(duration(n))), ["0.4_ms", "12_ms", "5.1_s", "3_min 20_s", "–"]);
  assert.deepEqual([0, 62_340, 3_662_340].map(clockTime), ["00:00.00", "01:02.34", "1:01:02.34"]);
  const noon = new Date(2026, 10, 20, 18, 26, 5, 120).getTime();
  assert.equal(clockTime(noon), "18:26:05.12");
  assert.deepEqual([0.25, 1, 0.01, 3].map(speed), ["¼×", "1×", "1/100×", "3×"]);
  assert.deepEqual([1, 6].map((n) => plural(n, "node")), ["1 node", "6 nodes"]);
});

test("every action is written as the command that does the same", () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ["kill", { node: "7001" }, "playground ctl kill 7001"],
    ["partition", { groups: [["7001", "7004"], ["7000"]], oneWay: true }, "playground ctl partition 7001,7004 / 7000 --one-way"],
    ["delay", { from: "7000", to: "7001", delayMs: 200, jitterMs: 50, bandwidth: 0 }, "playground ctl delay 7000 7001 200ms 50ms"],
    ["delay", { from: "7000", to: "7001", delayMs: 0, jitterMs: 50, bandwidth: 9 }, "playground ctl delay 7000 7001 --jitter 50ms --bandwidth 9"],
    ["hold", { from: "7004", to: "7000", type: "AUTH_REQ", count: 1 }, "playground ctl hold 7004 7000 AUTH_REQ 1"],
    ["add-replica", { of: "7001" }, "playground ctl add-replica 7001"],
    ["move-slots", { from: "7000", to: "7001", count: 100, mode: "step" }, "playground ctl move-slots 7000 7001 100 step"],
    ["failover", { node: "7004" }, "playground ctl failover 7004"],
    ["load", { rate: 0 }, "playground ctl load 0"],
    ["mark", { text: "before kill" }, "playground ctl mark before kill"],
    ["pause", {}, "playground ctl pause"],
  ];
  for (const [verb, args, want] of cases) assert.equal(commandFor(verb, args), want);
});

test("the first 36 shards all look different", () => {
  const letters = Array.from({ length: 36 }, (_, i) => (i < 26 ? "" : "A") + String.fromCharCode(65 + (i % 26)));
  assert.deepEqual(letters.map(rankOf), Array.from({ length: 36 }, (_, i) => i));
  const looks = new Set(letters.map((l) => `${lookOf(l).colour}/${lookOf(l).hatch}`));
  assert.equal(looks.size, 36);
});

test("the ribbon covers all slots, holes included", () => {
  const nodes = [node("7000", "A", { slots: [[0, 99], [200, 16383]] }), node("7003", "A", { role: "replica", slots: [[0, 5]] })];
  const bands = bandsOf(nodes);
  assert.deepEqual(bands.map((b) => [b.from, b.to, b.shard]), [[0, 99, "A"], [100, 199, ""], [200, 16383, "A"]]);
  assert.equal(ownerOf(bands, 150)?.shard, "");
  const heir = node("7003", "B", { epoch: 7, slots: [[0, 16383]] });
  assert.deepEqual(bandsOf([node("7000", "A", { slots: [[0, 16383]] }), heir]).map((b) => b.node), ["7003"]);
  assert.deepEqual(bandsOf([]).map((b) => [b.from, b.to]), [[0, 16383]]);
  assert.equal(countSlots([[0, 99], [200, 200]]), 101);
});

test("what to move is a count or slots, and nothing else", () => {
  assert.deepEqual(parseSlots("0-99, 200"), [[0, 99], [200, 200]]);
  assert.deepEqual(whatToMove(" 100 "), { count: 100 });
  assert.deepEqual(whatToMove("5-7"), { slots: "5-7" });
  for (const bad of ["", "0", "16385", "9-5", "0-16384", "a", "1-2-3"]) assert.equal(whatToMove(bad), null, bad);
});

test("verdicts count only observers that are up, and never oneself", () => {
  const nodes = [
    node("7000", "A", { beliefs: [believing("7001", "master", "fail?"), believing("7002", "master")] }),
    node("7001", "B", { state: "killed", beliefs: [believing("7000", "master", "fail")] }),
    node("7002", "C", { beliefs: [believing("7001", "master", "fail")] }),
  ];
  const verdicts = verdictsOf(nodes);
  assert.deepEqual(verdicts.get("7001"), { pfail: 1, fail: 1, of: 2 });
  assert.deepEqual(verdicts.get("7000"), { pfail: 0, fail: 0, of: 1 });
  assert.deepEqual(["7000", "7001", "7002", "7009"].map((n) => opinionOf(nodes[0]!, n)), ["self", "pfail", "ok", "unknown"]);
  assert.equal(conditionOf(nodes[1]!, verdicts.get("7001")!), "killed, FAIL for 1 of 2");
  assert.equal(conditionOf(node("7004", "B", { election: { epoch: 7, votes: 1, needed: 2, due: 0 } }), CALM), "up, asks for votes: 1 of 2");
});

test("through a node's eyes a killed node is alive until the node learns better", () => {
  const observer = node("7000", "A", { beliefs: [believing("7001", "slave")] });
  const seen = seenBy(observer, node("7001", "B", { state: "killed" }));
  assert.deepEqual([seen.state, seen.role], ["up", "replica"]);
  assert.equal(seenBy(observer, observer), observer);
});

test("a grave sentence replaces a light one at once, a light one waits", () => {
  const say = (seq: number, level: string): StoryItem => ({ seq, t: 0, node: "", name: "", line: "", caption: `${seq}`, level });
  const [info, bad, later] = [say(1, "info"), say(2, "bad"), say(3, "info")] as const;
  assert.equal(pick([], null, 0), null);
  assert.equal(pick([info, bad], info, 10), bad);
  assert.equal(pick([info, bad, later], bad, 10), bad);
  assert.equal(pick([info, bad, later], bad, 9999), later);
  const many = [4, 5, 6].map((seq) => ({ ...say(seq, "bad"), name: "+cluster-state" }));
  const one = { ...say(3, "bad"), name: "+fail" };
  assert.equal(pick([info, one, ...many], info, 10), one);
  const promoted = { ...say(7, "good"), name: "+promoted" };
  assert.equal(pick([info, ...many, promoted], info, 10), promoted);
  assert.equal(pick([info, bad], say(900, "bad"), 10), bad, "a new lab starts a new story");
  assert.equal(lineOf({ ...info, name: "+vote", line: "+vote for 7004" }), "for 7004");
  assert.deepEqual(tail([say(1, "debug"), info], true), [{ item: info, nodes: [""] }]);
});

test("the code of a printed link is read from behind the #", () => {
  assert.equal(codeIn("#code=abc123"), "abc123");
  assert.equal(codeIn("#nodes"), null);
  assert.equal(codeIn(""), null);
});

test("keys walk through the speeds and stay at the ends", () => {
  assert.equal(neighbour(SPEEDS, 1, 1), 2);
  assert.equal(neighbour(SPEEDS, 0.3, -1), 0.25);
  assert.equal(neighbour(SPEEDS, 0.01, -1), 0.01);
  assert.equal(neighbour(SPEEDS, 100, 1), 100);
});

test("reconnecting waits longer each time, up to a limit", () => {
  assert.deepEqual([0, 1, 2, 20].map(retryAfter), [250, 500, 1000, 5000]);
});
