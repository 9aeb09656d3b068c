import assert from "node:assert/strict";
import test from "node:test";
import { actOf, askOf, commandOf, partsOf } from "./acts.ts";

test("an act may wait", () => {
  assert.deepEqual(actOf("kill master"), { line: "kill master" });
  assert.deepEqual(actOf("after 5s restart master"), { line: "restart master", afterMs: 5000 });
  assert.deepEqual(actOf("after 1.5s heal"), { line: "heal", afterMs: 1500 });
  assert.deepEqual(actOf("after 200ms heal"), { line: "heal", afterMs: 200 });
  assert.deepEqual(actOf("after tea"), { line: "after tea" }, "the console says what is wrong with it");
});

test("the form, the request and the command say the same", () => {
  const ask = askOf(["main", "b"], 2, "kill master\n\n after 5s restart master \n", 60);
  assert.deepEqual(ask, {
    labs: ["main", "b"], all: true, acts: [{ line: "kill master" }, { line: "restart master", afterMs: 5000 }], withinMs: 60_000,
  });
  assert.equal(commandOf(ask), "playground ctl --labs all incident --within 60s 'kill master' 'after 5000ms restart master'");
  assert.equal(commandOf(askOf(["b"], 2, "kill 7000", 0)), "playground ctl --labs b incident 'kill 7000'");
});

test("a bar shows when a lab did not serve", () => {
  const course = { lab: "a", acts: [], watchedMs: 1000 };
  assert.deepEqual(partsOf(course, 2000), [{ state: "ok", from: 0, size: 0.5 }]);
  assert.deepEqual(partsOf({ ...course, harmedMs: 500, recoveredMs: 750 }, 1000), [
    { state: "ok", from: 0, size: 0.5 }, { state: "fail", from: 0.5, size: 0.25 }, { state: "ok", from: 0.75, size: 0.25 },
  ]);
  assert.deepEqual(partsOf({ ...course, harmedMs: 0 }, 1000), [{ state: "fail", from: 0, size: 1 }]);
});
