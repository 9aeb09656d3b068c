// What this browser remembers of a lesson: how far it came and how many answers were right.

import type { Course } from "./course.ts";

/** The result of a lesson, as it is kept. */
export interface Kept {
  done: number;
  steps: number;
  right: number;
  quizzes: number;
  when: number; // milliseconds since 1970
}

const nameOf = (lesson: string) => `playground.lesson.${lesson}`;

/** resultOf is a course as it is kept. */
export function resultOf(course: Course, when: number): Kept {
  const { right, all } = course.answers;
  return { done: course.doneCount, steps: course.stops.length, right, quizzes: all, when };
}

/** keep remembers a lesson's result, unless a better one is there. */
export function keep(lesson: string, result: Kept): void {
  const before = kept(lesson);
  if (before && before.done > result.done && before.steps === result.steps) return;
  try {
    localStorage.setItem(nameOf(lesson), JSON.stringify(result));
  } catch {
    // A browser that forbids storage forgets the result with the page.
  }
}

/** kept is the result of a lesson, or null when it was never begun here. */
export function kept(lesson: string): Kept | null {
  try {
    return readKept(localStorage.getItem(nameOf(lesson)));
  } catch {
    return null;
  }
}

/** readKept reads a result; what is not one is nothing. */
export function readKept(text: string | null): Kept | null {
  if (!text) return null;
  try {
    const r = JSON.parse(text) as Partial<Kept> | null;
    const numbers = [r?.done, r?.steps, r?.right, r?.quizzes, r?.when];
    return numbers.every((n) => Number.isFinite(n)) ? (r as Kept) : null;
  } catch {
    return null;
  }
}
