import assert from "node:assert/strict";
import test from "node:test";
import type { StoryItem } from "../core/wire.ts";
import { cueIn, paceAt } from "./director.ts";

const item = (seq: number, t: number, name: string): StoryItem => ({ seq, t, node: "7000", name, line: "", caption: "", level: "info" });

test("only a failure that is new is worth slow motion", () => {
  const story = [item(1, 0, "+fail"), item(2, 10, "+pfail"), item(3, 20, "+fail"), item(4, 21, "+fail")];
  assert.equal(cueIn(story, 2)?.seq, 3);
  assert.equal(cueIn(story, 4), null);
});

test("the picture is slow until the promotion has been seen, and then catches up", () => {
  const cue = item(3, 1000, "+fail");
  const story = [item(1, 0, "+promoted"), cue];
  assert.equal(paceAt(5000, cue, story), 0.25);
  story.push(item(9, 2000, "+promoted"));
  assert.equal(paceAt(2000, cue, story), 0.25);
  assert.equal(paceAt(3300, cue, story), 4);
});

test("what Sentinels decide is worth slow motion too, from the agreement to the switch", () => {
  const cue = item(3, 1000, "+odown");
  assert.equal(cueIn([item(2, 900, "+sdown"), cue], 1), cue);
  assert.equal(paceAt(3300, cue, [cue, item(9, 2000, "+switch-master")]), 4);
});

test("a failure after which nobody is promoted does not hold the picture for ever", () => {
  const cue = item(3, 1000, "+fail");
  assert.equal(paceAt(10_999, cue, [cue]), 0.25);
  assert.equal(paceAt(11_001, cue, [cue]), 4);
});
