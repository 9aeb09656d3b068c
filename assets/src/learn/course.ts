// A lesson being taken: which steps there are, which are done, and what the next press does.

import type { LessonBlock } from "../core/lesson.ts";

/** What became of a step. A question is right, wrong, or shown without an answer. */
export type Mark = "passed" | "failed" | "right" | "wrong" | "shown";

/** A step: one fence that runs, or one question. */
export interface Stop {
  fence: string;
  quiz: boolean;
}

/** What the next press does. Every press moves the lesson on by one thing. */
export type Press =
  | { do: "start" }
  | { do: "show" | "run" | "answer"; fence: string }
  | { do: "wait" | "end" };

/** Course knows how far a lesson has come. It draws nothing and asks nobody. */
export class Course {
  readonly stops: readonly Stop[];
  readonly marks = new Map<string, Mark>();
  started = false;
  running = "";
  private cursor = "";

  constructor(readonly id: string, blocks: readonly LessonBlock[]) {
    this.stops = blocks.flatMap((b) => (b.kind === "prose" ? [] : [{ fence: b.fence, quiz: b.kind === "quiz" }]));
  }

  /** here is the step that the reader is at; empty before the first. */
  get here(): string {
    return this.cursor;
  }

  /** go moves the reader to a step. */
  go(fence: string): void {
    if (this.stops.some((s) => s.fence === fence)) this.cursor = fence;
  }

  /** done reports whether a step is behind us. */
  done(fence: string): boolean {
    const mark = this.marks.get(fence);
    return mark !== undefined && mark !== "failed";
  }

  /** doneCount is how many steps are behind us. */
  get doneCount(): number {
    return this.stops.filter((s) => this.done(s.fence)).length;
  }

  /** complete reports whether every step is done. */
  get complete(): boolean {
    return this.doneCount === this.stops.length;
  }

  /** answers counts the questions and those answered right. */
  get answers(): { right: number; all: number } {
    const quizzes = this.stops.filter((s) => s.quiz);
    return { right: quizzes.filter((s) => this.marks.get(s.fence) === "right").length, all: quizzes.length };
  }

  /** locked reports whether a question before a step waits for its answer: first predict, then see. */
  locked(fence: string): boolean {
    return this.question(fence) !== "";
  }

  /** question is the first one before a step that waits for its answer; empty when none does. */
  private question(fence: string): string {
    const before = this.stops.slice(0, this.stops.findIndex((s) => s.fence === fence));
    return before.find((s) => s.quiz && !this.done(s.fence))?.fence ?? "";
  }

  /** next is what one press on the clicker does now. */
  next(): Press {
    if (this.running) return { do: "wait" };
    if (!this.started) return { do: "start" };
    const at = this.stops.findIndex((s) => s.fence === this.cursor);
    const stop = this.stops[at];
    if (stop && this.locked(stop.fence)) return { do: "show", fence: this.question(stop.fence) };
    if (stop && !this.done(stop.fence)) return { do: stop.quiz ? "answer" : "run", fence: stop.fence };
    const following = this.stops.slice(at + 1).find((s) => !this.done(s.fence)) ?? this.stops.find((s) => !this.done(s.fence));
    return following ? { do: "show", fence: following.fence } : { do: "end" };
  }

  /** previous is the step before the reader's; empty at the first. */
  previous(): string {
    const at = this.stops.findIndex((s) => s.fence === this.cursor);
    return this.stops[at - 1]?.fence ?? "";
  }

  /** restart forgets what was done; the lab is at the lesson's start again. */
  restart(): void {
    this.marks.clear();
    this.started = true;
    this.running = this.cursor = "";
  }
}
