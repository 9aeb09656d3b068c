import assert from "node:assert/strict";
import test from "node:test";
import type { LessonBlock } from "../core/lesson.ts";
import { Course } from "./course.ts";
import { readKept, resultOf } from "./kept.ts";

const blocks: LessonBlock[] = [
  { kind: "prose", nodes: ["first"] },
  { kind: "play", fence: "1", lines: ["kill 7001"], steps: [0] },
  { kind: "quiz", fence: "2", question: ["?"], choices: [], reveal: [] },
  { kind: "redis", fence: "3", node: "7000", cluster: false, within: 0, text: "", steps: [0] },
];

/** press does what next says, as the page would when all goes well, and says what it was. */
function press(course: Course): string {
  const press = course.next();
  if (press.do === "start") course.restart();
  if (press.do === "show") course.go(press.fence);
  if (press.do === "run") course.marks.set(press.fence, "passed");
  if (press.do === "answer") course.marks.set(press.fence, "shown");
  return "fence" in press ? `${press.do} ${press.fence}` : press.do;
}

test("one key walks through the whole lesson: it shows a step, then does it", () => {
  const course = new Course("x", blocks);
  const walk = Array.from({ length: 8 }, () => press(course));
  assert.deepEqual(walk, ["start", "show 1", "run 1", "show 2", "answer 2", "show 3", "run 3", "end"]);
  assert.ok(course.complete);
});

test("a step that failed is tried again, and a running one is waited for", () => {
  const course = new Course("x", blocks);
  course.restart();
  course.go("1");
  course.marks.set("1", "failed");
  assert.deepEqual(course.next(), { do: "run", fence: "1" });
  course.running = "1";
  assert.deepEqual(course.next(), { do: "wait" });
});

test("what stands behind a question is locked until it is answered", () => {
  const course = new Course("x", blocks);
  assert.deepEqual(["1", "2", "3"].map((f) => course.locked(f)), [false, false, true]);
  course.marks.set("2", "wrong");
  assert.equal(course.locked("3"), false);
});

test("a press on a locked step leads back to the question that locks it", () => {
  const course = new Course("x", blocks);
  course.restart();
  course.go("3");
  assert.deepEqual(course.next(), { do: "show", fence: "2" });
});

test("going back shows the step before, and restarting forgets everything", () => {
  const course = new Course("x", blocks);
  course.restart();
  course.go("3");
  assert.equal(course.previous(), "2");
  course.marks.set("2", "right");
  assert.deepEqual(course.answers, { right: 1, all: 1 });
  course.restart();
  assert.equal(course.doneCount, 0);
  assert.equal(course.previous(), "");
  assert.ok(course.started);
});

test("a result is kept as numbers, and what is not one is nothing", () => {
  const course = new Course("x", blocks);
  course.marks.set("1", "passed").set("2", "wrong");
  const result = resultOf(course, 5);
  assert.deepEqual(result, { done: 2, steps: 3, right: 0, quizzes: 1, when: 5 });
  assert.deepEqual(readKept(JSON.stringify(result)), result);
  for (const bad of [null, "", "null", "{", "{}", '{"done":"2"}', "7"]) assert.equal(readKept(bad), null);
});
