import assert from "node:assert/strict";
import { test } from "node:test";
import { readRoute, writeRoute } from "./route.ts";

test("a route survives the way through an address", () => {
  const route = { place: "slots", node: "7001", as: "7004", t: "1200", lesson: "a-master-dies" } as const;
  assert.deepEqual(readRoute(writeRoute("", route)), route);
});

test("defaults are left out, and what is not ours stays", () => {
  const plain = { place: "stage", node: "", as: "", t: "", lesson: "" } as const;
  assert.equal(writeRoute("?view=slots&node=7001&lang=zh", plain), "?lang=zh");
  assert.equal(writeRoute("?node=7001", plain), "");
});

test("an unknown place is the stage", () => {
  assert.equal(readRoute("?view=kitchen").place, "stage");
});
