import assert from "node:assert/strict";
import test from "node:test";
import { parseLine } from "./line.ts";
import { teachEnglish } from "./words.kit.ts";
import type { Verb } from "./wire.ts";

teachEnglish();

const arg = (name: string, kind: string, required = false) => ({ name, kind, help: "help", required });
const verbs: Verb[] = [
  { verb: "kill", args: [arg("node", "node", true)], help: "", example: "kill 7001" },
  { verb: "pause", args: [], help: "", example: "pause" },
  { verb: "partition", args: [arg("groups", "groups", true), arg("oneWay", "flag")], help: "", example: "" },
  { verb: "delay", args: [arg("from", "node", true), arg("to", "node", true), arg("delayMs", "ms"), arg("jitterMs", "ms"), arg("bandwidth", "int")], help: "", example: "" },
  { verb: "move-slots", args: [arg("from", "node", true), arg("to", "node", true), arg("slots", "slots", true), arg("mode", "run|step")], help: "", example: "" },
  { verb: "config-set", args: [arg("node", "node", true), arg("name", "word", true), arg("value", "text", true)], help: "", example: "" },
  { verb: "load", args: [arg("rate", "int", true)], help: "", example: "" },
];

test("a typed command becomes the action it names", () => {
  const cases: [string, string, object][] = [
    ["kill 7001", "kill", { node: "7001" }],
    ["playground ctl kill 7001", "kill", { node: "7001" }],
    ["playground ctl --lab b kill 7001", "kill", { node: "7001" }],
    ["kill replica 2", "kill", { node: "replica 2" }],
    ["delay master replica 200", "delay", { from: "master", to: "replica", delayMs: 200 }],
    ["pause", "pause", {}],
    ["partition 7001,7004 / rest --one-way", "partition", { groups: [["7001", "7004"], ["rest"]], oneWay: true }],
    ["delay 7000 7001 200ms~50ms", "delay", { from: "7000", to: "7001", delayMs: 200, jitterMs: 50 }],
    ["delay 7000 7001 1.5s --bandwidth 900", "delay", { from: "7000", to: "7001", delayMs: 1500, bandwidth: 900 }],
    ["delay 7000 7001 --jitter 50ms", "delay", { from: "7000", to: "7001", jitterMs: 50 }],
    ["move-slots 7000 7001 100 step", "move-slots", { from: "7000", to: "7001", count: 100, mode: "step" }],
    ["move-slots 7000 7001 0-9,20", "move-slots", { from: "7000", to: "7001", slots: "0-9,20" }],
    ["config-set 7000 save 900 1", "config-set", { node: "7000", name: "save", value: "900 1" }],
    ["load off", "load", { rate: 0 }],
  ];
  for (const [line, verb, args] of cases) assert.deepEqual(parseLine(line, verbs), { verb, args }, line);
});

test("a line that cannot be read says why", () => {
  const cases: [string, RegExp][] = [
    ["explode", /No verb/],
    ["kill", /node is missing.*kill 7001/],
    ["kill 7001 7002", /no further argument: 7002/],
    ["kill --why 7001", /no --why/],
    ["delay 7000 7001 soon", /such as 200ms/],
    ["load many", /is a number/],
    ["move-slots 7000 7001 9-5", /a count such as/],
  ];
  for (const [line, want] of cases) {
    const got = parseLine(line, verbs);
    assert.ok("error" in got && want.test(got.error), `${line}: ${JSON.stringify(got)}`);
  }
});
