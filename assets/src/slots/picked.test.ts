import assert from "node:assert/strict";
import { test } from "node:test";
import { node } from "../core/sample.ts";
import { givers, partOf } from "./picked.ts";

const a = node("7000", "A", { slots: [[0, 99], [200, 299]] });
const b = node("7001", "B", { slots: [[100, 199]] });
const replica = node("7003", "A", { role: "replica", slots: [] });

test("of a band a master gives what it owns", () => {
  assert.equal(partOf([50, 250], a), "50-99,200-250");
  assert.equal(partOf([50, 250], b), "100-199");
  assert.equal(partOf([120, 130], a), "");
});

test("the owner of a band's first slot is asked first, and who owns nothing of it not at all", () => {
  const names = (chosen: [number, number]) => givers(chosen, [b, replica, a]).map((n) => n.name);
  assert.deepEqual(names([50, 250]), ["7000", "7001"]);
  assert.deepEqual(names([150, 250]), ["7001", "7000"]);
  assert.deepEqual(names([120, 130]), ["7001"]);
  assert.deepEqual(names([400, 500]), []);
});
