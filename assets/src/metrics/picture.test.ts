import assert from "node:assert/strict";
import { test } from "node:test";
import { Book, type Maybe } from "./book.ts";
import { windowOf } from "./cursor.ts";
import { momentAt, pictureOf, SHOWN } from "./picture.ts";
import { spread } from "./spread.ts";
import { rangeOf } from "./table.ts";

/** bookOf makes a book of keys per node. */
function bookOf(times: number[], columns: Record<string, Maybe[]>): Book {
  const book = new Book();
  book.times = times;
  for (const [node, values] of Object.entries(columns)) book.columns.get("keys")!.set(node, values);
  return book;
}

const many = Object.fromEntries(Array.from({ length: 60 }, (_, i): [string, Maybe[]] => [String(7000 + i), [i, i]]));
const names = Object.keys(many);

test("few lines are all shown, in the order of the nodes", () => {
  const book = bookOf([0, 1], { 7001: [1, 2], 7000: [3, null], 7009: [null, null] });
  const picture = pictureOf(book, "keys", { from: 0, to: 100 }, ["7000", "7001"], null, []);
  assert.deepEqual(picture.lines.map((l) => l.id), ["7000", "7001"]);
  assert.equal(picture.others, null);
});

test("of many lines the greatest are shown and the chosen one, and the others are a band", () => {
  const picture = pictureOf(bookOf([0, 1], many), "keys", { from: 0, to: 100 }, names, "7003", []);
  assert.deepEqual(picture.lines.map((l) => l.id), ["7003", ...names.slice(-SHOWN + 1)]);
  assert.equal(picture.others!.count, 60 - SHOWN);
  assert.deepEqual([picture.others!.least, picture.others!.most], [[0, 0], [52, 52]]);
});

test("a line that is shown stays until another is much greater", () => {
  const before = names.slice(-SHOWN - 1, -1);
  const kept = pictureOf(bookOf([0, 1], many), "keys", { from: 0, to: 100 }, names, null, before);
  assert.ok(kept.lines.some((l) => l.id === before[0]));
  assert.equal(kept.lines.length, SHOWN);
});

test("a window begins with the sample before it and ends with the one after it", () => {
  const picture = pictureOf(bookOf([0, 10, 20, 30], { 7000: [1, 2, 3, 4] }), "keys", { from: 15, to: 100 }, [], null, []);
  assert.deepEqual(picture.times, [10, 20, 30]);
  assert.deepEqual(picture.lines[0]!.values, [2, 3, 4]);
  assert.equal(pictureOf(bookOf([0, 10], { 7000: [1, 2] }), "keys", { from: 99, to: 100 }, [], null, []).lines.length, 0);
  assert.deepEqual(pictureOf(bookOf([0, 10, 20, 30, 40], { 7000: [1, 2, 3, 4, 5] }), "keys", { from: 12, to: 22 }, [], null, []).times, [10, 20, 30]);
});

test("the moment nearest to a time", () => {
  assert.equal(momentAt([0, 10, 30], 19), 1);
  assert.equal(momentAt([0, 10, 30], 99), 2);
  assert.equal(momentAt([], 5), -1);
});

test("labels keep their order and their distance, and stay inside", () => {
  assert.deepEqual(spread([50, 50, 10], 10, 0, 100), [50, 60, 10]);
  assert.deepEqual(spread([99, 99, 99], 10, 0, 100), [80, 90, 100]);
  assert.deepEqual(spread([0, 0], 10, 5, 100), [5, 15]);
  assert.deepEqual(spread([50, 50, 50], 30, 0, 40), [0, 20, 40], "where there is too little room they share it");
  assert.deepEqual(spread([], 10, 0, 100), []);
});

test("a range has its unit once", () => {
  assert.equal(rangeOf("5.6\u2009KB/s", "91.7\u2009KB/s"), "5.6 … 91.7\u2009KB/s");
  assert.equal(rangeOf("0\u2009B", "1.5\u2009KB"), "0\u2009B … 1.5\u2009KB");
  assert.equal(rangeOf("7", "7"), "7");
  assert.equal(rangeOf("–", "–"), "–");
  assert.equal(rangeOf("1\u2009200", "3\u2009400"), "1\u2009200 … 3\u2009400");
});

test("the window ends now, or reaches around the moment that is shown", () => {
  assert.deepEqual(windowOf(1000, 100, null), { from: 900, to: 1000 });
  assert.deepEqual(windowOf(1000, 100, 950), { from: 900, to: 1000 });
  assert.deepEqual(windowOf(1000, 100, 500), { from: 425, to: 525 });
});
