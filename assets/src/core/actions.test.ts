import assert from "node:assert/strict";
import test from "node:test";
import { actionOn, frameOf, itemsFor, type Subject, titleOf, typeOf } from "./actions.ts";
import { commandFor } from "./command.ts";
import { Kind, type Frame } from "./frames.ts";
import { node } from "./sample.ts";
import { teachEnglish } from "./words.kit.ts";

teachEnglish();

const nodes = [
  node("7000", "A"), node("7001", "B"), node("7003", "A", { role: "replica", master: "7000", offset: 5 }),
  node("7004", "A", { role: "replica", master: "7000", offset: 9 }), node("7005", "B", { role: "replica", master: "7001", state: "killed" }),
];
const frame: Frame = { id: 7, kind: Kind.AuthRequest, dropped: false, held: true, from: 7003, to: 7001, aux: 0, bytes: 0, sent: 0, arrived: null };
const commands = (subject: Subject, held: number[] = []) => itemsFor(subject, nodes, held).flatMap((i) => i.runs.map(([verb, args]) => commandFor(verb, args)));

test("every item of a menu is a command that can be typed", () => {
  const subjects: Subject[] = [
    { kind: "node", node: "7000" }, { kind: "nodes", nodes: ["7000", "7003"] }, { kind: "link", from: "7000", to: "7001" },
    { kind: "frame", frame }, { kind: "stage" },
  ];
  for (const subject of subjects) {
    const items = itemsFor(subject, nodes, [7]);
    assert.ok(items.length > 2, subject.kind);
    assert.ok(titleOf(subject, nodes) !== "");
    for (const item of items) assert.ok(item.runs.length > 0 || item.look, item.label);
  }
});

test("a link is cut both ways or one way, slowed, or made thin", () => {
  assert.deepEqual(commands({ kind: "link", from: "7000", to: "7001" }), [
    "playground ctl partition 7000 / 7001", "playground ctl partition 7000 / 7001 --one-way", "playground ctl partition 7001 / 7000 --one-way",
    "playground ctl delay 7000 7001 200ms 50ms", "playground ctl delay 7000 7001 --bandwidth 10240", "playground ctl heal",
  ]);
});

test("a message that is held is released or dropped, and of any the next one can be", () => {
  const next = ["playground ctl hold 7003 7001 AUTH_REQ 1", "playground ctl drop 7003 7001 AUTH_REQ"];
  const free = commands({ kind: "frame", frame });
  assert.equal(free[0], next[0]);
  assert.equal(free.length, 2);
  assert.deepEqual(commands({ kind: "frame", frame }, [7]).slice(0, 2), ["playground ctl release 7", "playground ctl drop 7"]);
});

test("a held frame of the list is the frame that flies, and a link that opens can only be let pass or not", () => {
  const held = { id: 7, from: "7003", to: "7001", type: "AUTH_REQ", bytes: 9, age: 0 };
  assert.deepEqual({ ...frameOf(held, nodes), bytes: 0 }, frame);
  const opening = frameOf({ ...held, type: "CONNECT" }, nodes);
  assert.equal(typeOf(opening.kind), "CONNECT");
  assert.deepEqual(commands({ kind: "frame", frame: opening }, [7]), ["playground ctl release 7", "playground ctl drop 7"]);
});

test("several nodes are cut off together and killed one by one, those that are dead left out", () => {
  const all = commands({ kind: "nodes", nodes: ["7001", "7003", "7005"] });
  assert.equal(all[0], "playground ctl partition 7001,7003,7005 / rest");
  assert.deepEqual(all.filter((c) => c.includes(" kill ")), ["playground ctl kill 7001", "playground ctl kill 7003"]);
});

test("a failover of a master names its freshest replica", () => {
  assert.deepEqual(actionOn("failover", nodes[0]!, nodes), ["failover", { node: "7004" }]);
  assert.deepEqual(actionOn("freeze", { ...nodes[0]!, state: "frozen" }, nodes), ["thaw", { node: "7000" }]);
});

test("without a cluster a person promotes, points a node at another master, and rewires the clients", () => {
  const stream = { secondOffset: -1, backlog: { active: true, size: 1, first: 1, length: 0 }, followers: [], link: null, minReplicas: null };
  const trio = [
    node("7000", "A", { stream }), node("7001", "A", { stream }), node("7002", "A", { role: "replica", master: "7000", stream }),
  ];
  const typed = (subject: Subject) => itemsFor(subject, trio, []).flatMap((i) => i.runs.map(([verb, args]) => commandFor(verb, args)));
  const own = typed({ kind: "node", node: "7002" });
  for (const line of ["replicaof 7002 no-one", "replicaof 7002 7001", "rewire 7002", "add-replica 7002"]) {
    assert.ok(own.includes(`playground ctl ${line}`), `${line} in ${own.join("\n")}`);
  }
  assert.ok(!own.includes("playground ctl replicaof 7002 7000"), "it follows that one already");
  assert.ok(!typed({ kind: "stage" }).some((c) => / (add-master|rebalance)/.test(c)));
});

test("a dead node is not offered to be killed again", () => {
  assert.ok(!commands({ kind: "node", node: "7005" }).some((c) => c.includes(" kill ") || c.includes(" freeze ")));
});
