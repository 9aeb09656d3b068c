import assert from "node:assert/strict";
import test from "node:test";
import { behind, CLOSEST, follow, pan, reveal, tAt, ticks, within, xOf, zoom } from "./axis.ts";

const bounds = { from: 0, to: 100_000 };

test("a pixel and its moment are the same place", () => {
  const view = { from: 1000, to: 11_000 };
  assert.equal(xOf(view, 500, 6000), 250);
  assert.equal(tAt(view, 500, 250), 6000);
  assert.equal(tAt(view, 500, xOf(view, 500, 7777)), 7777);
});

test("zooming leaves the moment under the pointer where it is", () => {
  const view = { from: 20_000, to: 60_000 };
  const closer = zoom(view, 30_000, 0.5, bounds);
  assert.equal(closer.to - closer.from, 20_000);
  assert.equal(xOf(closer, 400, 30_000), xOf(view, 400, 30_000));
});

test("zooming ends at the closest look and at the whole record", () => {
  const closest = zoom({ from: 0, to: 3000 }, 1000, 0.1, bounds);
  assert.equal(closest.to - closest.from, CLOSEST);
  assert.deepEqual(zoom({ from: 0, to: 80_000 }, 10_000, 9, bounds), bounds);
});

test("a view does not leave the record", () => {
  assert.deepEqual(pan({ from: 10_000, to: 20_000 }, -50_000, bounds), { from: 0, to: 10_000 });
  assert.deepEqual(pan({ from: 10_000, to: 20_000 }, 500_000, bounds), { from: 90_000, to: 100_000 });
  const short = within({ from: 0, to: 500 }, { from: 0, to: 500 });
  assert.equal(short.to - short.from, CLOSEST, "a record shorter than the closest look");
});

test("a moment out of view is brought in, one in view moves nothing", () => {
  const view = { from: 40_000, to: 50_000 };
  assert.equal(reveal(view, 45_000, bounds), view);
  const moved = reveal(view, 10_000, bounds);
  assert.ok(moved.from < 10_000 && moved.to > 10_000);
});

test("a view goes along with the present as long as that, or a moment near it, is shown", () => {
  const view = { from: 80_000, to: 90_000 };
  assert.deepEqual(follow(view, null, 10_000, bounds), { from: 90_000, to: 100_000 });
  assert.equal(follow(view, 85_000, 10_000, bounds), view);
  assert.equal(follow(view, 89_000, 10_000, bounds), view, "it would leave the view");
  const later = { from: 88_000, to: 98_000 };
  assert.deepEqual(follow(later, 97_000, 10_000, bounds), { from: 90_000, to: 100_000 });
});

test("ticks are round and far enough apart", () => {
  assert.deepEqual(ticks({ from: 100, to: 10_100 }, 500, 90), [2000, 4000, 6000, 8000, 10_000]);
  for (const length of [3000, 60_000, 7_200_000, 90_000_000]) {
    const marks = ticks({ from: 0, to: length }, 800, 90);
    assert.ok(marks.length >= 2 && marks.length <= 9, `${length}: ${marks.length}`);
  }
});

test("how far back it is reads like a clock", () => {
  assert.equal(behind(14_200), "00:14");
  assert.equal(behind(754_000), "12:34");
  assert.equal(behind(3_723_000), "1:02:03");
  assert.equal(behind(-5), "00:00");
});
