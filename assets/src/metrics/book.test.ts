import assert from "node:assert/strict";
import { test } from "node:test";
import { Book, KEPT } from "./book.ts";
import type { GaugeRow, Gauges } from "./gauges.ts";

function row(node: string, over: Partial<GaugeRow> = {}): GaugeRow {
  return {
    node, up: true, replica: false, offset: 0, lag: 0, commands: 0, keys: 0, memory: 0, clients: 0,
    sentBytes: 0, receivedBytes: 0, sent: [], received: [], pingBytes: 0, pingGossip: 0, ...over,
  };
}

function answer(...samples: [t: number, ...rows: GaugeRow[]][]): Gauges {
  return { types: ["ping", "pong"], kept: 600, dropped: 0, samples: samples.map(([t, ...rows]) => ({ t, rows })) };
}

const column = (book: Book, measure: string, line: string) => book.columns.get(measure)!.get(line);

test("a rate is per second of the lab's time, at any speed", () => {
  const book = new Book();
  book.take(answer([1000, row("7000", { commands: 0 })], [2000, row("7000", { commands: 50 })], [12000, row("7000", { commands: 150 })]));
  assert.deepEqual(column(book, "ops", "7000"), [null, 50, 10]);
});

test("in slow motion a rate is measured over a second, not over one sample", () => {
  const book = new Book();
  const samples = Array.from({ length: 200 }, (_, i): [number, GaugeRow] => [i * 10, row("7000", { commands: Math.floor(i / 10) })]);
  book.take(answer(...samples));
  assert.equal(column(book, "ops", "7000")!.at(-1), 10);
});

test("a node that is down, and one that began to count anew, leave a gap", () => {
  const book = new Book();
  const numbers = [10, 20, -1, 5, 15];
  book.take(answer(...numbers.map((n, i): [number, GaugeRow] => [i * 1000, row("7000", { up: n >= 0, commands: Math.max(0, n), keys: n })])));
  assert.deepEqual(column(book, "keys", "7000"), [10, 20, null, 5, 15]);
  assert.deepEqual(column(book, "ops", "7000"), [null, 10, null, null, 10]);
  book.take(answer([4000, row("7000", { commands: 15 })], [5000, row("7000", { commands: 2 })]));
  assert.equal(column(book, "ops", "7000")!.at(-1), null);
});

test("the lag behind a dead master, and of a master, is not known", () => {
  const book = new Book();
  book.take(answer([0, row("7000"), row("7003", { replica: true, lag: 7 }), row("7004", { replica: true, lag: -1 })]));
  assert.deepEqual(["7000", "7003", "7004"].map((n) => column(book, "lag", n)), [[null], [7], [null]]);
});

test("samples that the lab has forgotten are a gap, and rates do not reach across it", () => {
  const book = new Book();
  book.take(answer([0, row("7000", { commands: 1, keys: 1 })], [1000, row("7000", { commands: 2, keys: 1 })]));
  assert.equal(book.after, 999);
  book.take(answer([1000, row("7000")], [2000, row("7000", { commands: 3, keys: 1 })]));
  assert.deepEqual(column(book, "ops", "7000"), [null, 1, 1], "the last sample came again: nothing is missing");
  book.take(answer([9000, row("7000", { commands: 3, keys: 1 })], [10000, row("7000", { commands: 5, keys: 1 })]));
  assert.deepEqual(book.times, [0, 1000, 2000, 5500, 9000, 10000]);
  assert.deepEqual(column(book, "keys", "7000"), [1, 1, 1, null, 1, 1]);
  assert.deepEqual(column(book, "ops", "7000"), [null, 1, 1, null, null, 2]);
});

test("packets of a kind are added up over the nodes, and a kind that never came has no line", () => {
  const book = new Book();
  book.take(answer(
    [0, row("7000", { sent: [1] }), row("7001", { sent: [5] })],
    [1000, row("7000", { sent: [3] }), row("7001", { sent: [6] })],
    [2000, row("7000", { sent: [5] }), row("7001", { up: false })],
  ));
  assert.deepEqual(column(book, "messages", "ping"), [null, 3, 2]);
  assert.equal(column(book, "messages", "pong"), undefined);
});

test("the past is forgotten with the lines of which nothing is left", () => {
  const book = new Book();
  book.take(answer([0, row("7000", { keys: 1 }), row("7009", { keys: 1 })], [1000, row("7000", { keys: 2 })]));
  assert.deepEqual(column(book, "keys", "7009"), [1, null]);
  book.take(answer([1000, row("7000")], [KEPT + 500, row("7000", { keys: 3 })]));
  assert.deepEqual(book.times, [1000, KEPT + 500]);
  assert.deepEqual(column(book, "keys", "7000"), [2, 3]);
  assert.equal(column(book, "keys", "7009"), undefined);
});
