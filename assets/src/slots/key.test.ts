import assert from "node:assert/strict";
import { test } from "node:test";
import golden from "./keys.golden.json";
import { crc16, hashKey } from "./key.ts";

test("every key has the slot that a node gives it", () => {
  assert.ok(golden.length > 10);
  for (const { key, slot } of golden) assert.equal(hashKey(key).slot, slot, JSON.stringify(key));
});

test("the checksum is the one of the specification", () => {
  assert.equal(crc16(new TextEncoder().encode("123456789")), 0x31c3);
});

test("the hashed part is what stands in the first pair of braces, if anything does", () => {
  const parts = (key: string) => [hashKey(key).before, hashKey(key).hashed, hashKey(key).after];
  assert.deepEqual(parts("{user:1}.name"), ["{", "user:1", "}.name"]);
  assert.deepEqual(parts("a{}b"), ["", "a{}b", ""]);
  assert.deepEqual(parts("a{b"), ["", "a{b", ""]);
  assert.deepEqual(parts("a{{b}}"), ["a{", "{b", "}}"]);
  assert.deepEqual(parts(""), ["", "", ""]);
});
