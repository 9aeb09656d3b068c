import assert from "node:assert/strict";
import { test } from "node:test";
import { Loads, mostOf } from "./loads.ts";

test("a rate is the difference of two answers over the lab's time between them", () => {
  const loads = new Loads();
  loads.take({ now: 1000, rows: [[7, 2, 100]] });
  assert.equal(loads.rate[7], 0, "one answer says nothing of a rate");
  loads.take({ now: 3000, rows: [[7, 3, 120], [9, 0, 4]] });
  assert.equal(loads.keys[7], 3);
  assert.equal(loads.rate[7], 10);
  assert.equal(loads.rate[9], 2);
  assert.equal(mostOf(loads.rate), 10);
});

test("a node that counts from zero again makes no negative rate", () => {
  const loads = new Loads();
  loads.take({ now: 1000, rows: [[7, 2, 100]] });
  loads.take({ now: 2000, rows: [[7, 2, 3]] });
  assert.equal(loads.rate[7], 0);
});

test("while the lab stands still the last rate stays", () => {
  const loads = new Loads();
  loads.take({ now: 1000, rows: [[7, 2, 100]] });
  loads.take({ now: 2000, rows: [[7, 2, 110]] });
  loads.take({ now: 2000, rows: [[7, 2, 110]] });
  assert.equal(loads.rate[7], 10);
});
