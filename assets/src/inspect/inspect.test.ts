import assert from "node:assert/strict";
import { test } from "node:test";
import { node } from "../core/sample.ts";
import type { InfoTable } from "./ask.ts";
import { cellKey, Changes, difference, MARKED } from "./changes.ts";
import { flagsIn, present, rawText } from "./present.ts";
import { fitsRow } from "./tables.ts";

const info = (keys: string, role = "master"): InfoTable[] => [
  { title: "Keyspace", columns: null, rows: [["keys", keys], ["uptime_in_seconds", keys]] }, { title: "Replication", columns: [], rows: [["role", role]] },
];
const KEYS = cellKey(0, "keys", 0, 1);

test("what changed is marked for some seconds and then no more", () => {
  const changes = new Changes();
  changes.take(info("1"), 0);
  assert.equal(changes.of(KEYS), undefined, "nothing has changed at the first look");
  changes.take(info("3"), 1000);
  assert.deepEqual(changes.of(KEYS), { was: "1", at: 1000 });
  assert.equal(changes.of(cellKey(0, "uptime_in_seconds", 0, 1)), undefined, "what always changes is not marked");
  changes.take(info("3", "slave"), 2000);
  assert.deepEqual(changes.of(KEYS), { was: "1", at: 1000 });
  assert.deepEqual(changes.of(cellKey(1, "role", 0, 1)), { was: "master", at: 2000 });
  changes.take(info("3", "slave"), 1000 + MARKED + 1);
  assert.equal(changes.of(KEYS), undefined);
  changes.clear();
  changes.take(info("9"), 9000);
  assert.equal(changes.of(KEYS), undefined, "another node is no change");
});

test("rows that begin alike are told apart by their order", () => {
  const links = (a: string, b: string): InfoTable[] => [{ title: "", columns: ["direction", "events"], rows: [["to", a], ["to", b]] }];
  const changes = new Changes();
  changes.take(links("r", "r"), 0);
  changes.take(links("r", "rw"), 1);
  assert.equal(changes.of(cellKey(0, "to", 0, 1)), undefined);
  assert.equal(changes.of(cellKey(0, "to", 1, 1))?.was, "r");
});

test("a number says by how much, a word says what it was", () => {
  assert.equal(difference("10", "22"), "+12");
  assert.equal(difference("1.5", "1.25"), "−0.25");
  assert.equal(difference("ok", "fail"), "← ok");
  assert.equal(difference("1", "one"), "← 1");
});

test("ids are names, times are ages, and the value itself is kept", () => {
  const id = "a".repeat(40);
  const nodes = [node("7000", "A", { id })];
  assert.deepEqual(present("master", id, 0, nodes), { text: "7000", full: id });
  assert.equal(present("id", "b".repeat(40), 0, nodes).text, "bbbbbbbb");
  assert.equal(present("pong-recv", "1000", 3500, nodes).text, "2.5\u2009s");
  assert.equal(present("ping-sent", "0", 3500, nodes).text, "–");
  assert.equal(present("ttl", "-1", 0, nodes).text, "–");
  assert.equal(present("bytes", "2048", 0, nodes).text, "2.0\u2009KB");
  assert.equal(present("redis_version", "7.0.15", 0, nodes).text, "7.0.15");
});

test("flags are explained in one order, and text is as the node wrote it", () => {
  const rows = [["a", "x", "slave,fail?", ""], ["b", "y", "myself,master", "0-5460"]];
  assert.deepEqual(flagsIn(rows, 2), ["myself", "master", "slave", "fail?"]);
  assert.equal(rawText("nodes", [{ title: "", rows }]), "a x slave,fail?\nb y myself,master 0-5460");
  assert.equal(rawText("info", info("7")), "# Keyspace\nkeys:7\nuptime_in_seconds:7\n\n# Replication\nrole:master");
});

test("a search finds a text in any cell, in any case", () => {
  assert.ok(fitsRow(["redis_version", "7.0.15"], "REDIS"));
  assert.ok(fitsRow(["redis_version", "7.0.15"], " 0.15 "));
  assert.ok(fitsRow([], ""));
  assert.ok(!fitsRow(["a", "b"], "c"));
});
