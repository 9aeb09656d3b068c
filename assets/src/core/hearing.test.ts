import assert from "node:assert/strict";
import test from "node:test";
import { Hearing, SILENCE } from "./hearing.ts";

test("a silence is noticed once, and ends with the next message", () => {
  const hearing = new Hearing();
  assert.equal(hearing.hear(1000), false);
  assert.equal(hearing.check(1000 + SILENCE - 1), false);
  assert.equal(hearing.check(1000 + SILENCE), true);
  assert.equal(hearing.check(1000 + 2 * SILENCE), false, "it is the same silence");
  assert.equal(hearing.hear(1000 + 2 * SILENCE), true);
  assert.equal(hearing.hear(1001 + 2 * SILENCE), false);
  assert.equal(hearing.check(1001 + 3 * SILENCE), true, "and another one");
});

test("where nobody is connected nobody is silent", () => {
  const hearing = new Hearing();
  assert.equal(hearing.check(1e9), false);
  hearing.hear(0);
  hearing.hang();
  assert.equal(hearing.check(1e9), false);
  hearing.hear(0);
  hearing.check(SILENCE);
  hearing.hang();
  assert.equal(hearing.hear(1e9), false, "a new connection ends no silence of an old one");
});
