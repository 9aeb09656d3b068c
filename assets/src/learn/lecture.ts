// One lesson on the page: its text, its steps, and what the reader's presses do to them.

import { desk } from "../core/desk.ts";
import { say, set } from "../core/dom.ts";
import type { Lesson, LessonBlock, LessonNow, LessonProgress } from "../core/lesson.ts";
import { refusalOf } from "../core/refusal.ts";
import { t } from "../core/words.ts";
import * as api from "./api.ts";
import { makeLegs, type Asks } from "./blocks.ts";
import { Course, type Mark } from "./course.ts";
import { keep, resultOf } from "./kept.ts";
import { follow, showProgress } from "./progress.ts";
import { showAnswer } from "./quiz.ts";
import { captionIn } from "./transcript.ts";

type Quiz = Extract<LessonBlock, { kind: "quiz" }>;

/** Lecture holds the open lesson. changed is called whenever the frame around it must be redrawn. */
export class Lecture implements Asks {
  readonly course: Course;
  refusal = "";
  private readonly goesOn = new Map<string, number>(); // the line at which a stepped fence goes on
  private starting = false;
  private toward: Element | null = null; // where the text is scrolling to

  constructor(readonly lesson: Lesson, private readonly body: HTMLElement, private readonly changed: () => void) {
    this.course = new Course(lesson.id, lesson.blocks);
    body.replaceChildren(...makeLegs(lesson.blocks, this));
    body.scrollTop = 0;
    body.onscrollend = () => (this.toward = null);
    this.redraw();
  }

  /** resume shows how far the lab already is in this lesson, when another page or we before a reload began it. */
  resume(now: LessonNow): void {
    if (now.id !== this.lesson.id) return;
    this.course.started = true;
    for (const [fence, state] of Object.entries(now.fences ?? {})) {
      const failed = now.failed?.find((f) => f.fence === fence);
      const line = fence === now.fence ? now.line ?? 0 : 0;
      this.progress({ type: "lesson", id: now.id, fence, line, state, ...failed });
    }
    const { focus, caption, panel, fence = "", line = 0 } = now;
    follow({ type: "lesson", id: now.id, fence, line, state: "idle", focus, caption: caption || undefined, panel });
    if (now.fence) this.course.go(now.fence);
    this.redraw();
  }

  /** busy reports whether something runs or the lab is being set up. */
  get busy(): boolean {
    return this.starting || this.course.running !== "";
  }

  /** press is the clicker's forward key: it shows the next thing, or does it. */
  press(): void {
    this.arrive();
    const press = this.course.next();
    if (press.do === "start") return void this.begin();
    if (press.do === "end") return this.scrollTo(this.body.lastElementChild);
    if (!("fence" in press)) return;
    this.course.go(press.fence);
    if (press.do === "show" || !this.inSight(press.fence)) this.reveal(press.fence);
    else if (press.do === "run") this.run(press.fence);
    else this.answered(press.fence, "shown");
    this.redraw();
  }

  /** back shows the step before. */
  back(): void {
    const before = this.course.previous();
    if (!before) return this.body.scrollTo({ top: 0 });
    this.course.go(before);
    this.reveal(before);
    this.redraw();
  }

  /** begin gives the lab what the lesson wants and forgets what was done. */
  async begin(): Promise<boolean> {
    if (this.starting) return false;
    this.starting = true;
    this.refusal = "";
    this.redraw();
    const reply = await api.start(this.lesson.id);
    this.starting = false;
    if ("error" in reply) this.refuse(reply);
    else this.begun(true);
    this.redraw();
    return !("error" in reply);
  }

  /** run runs a fence, or the rest of it; the lesson begins first when it has not. */
  run(fence: string): void {
    void this.ask(fence, false);
  }

  /** step runs the next line of a fence. */
  step(fence: string): void {
    void this.ask(fence, true);
  }

  /** stop ends what runs. */
  stop(): void {
    void api.stop();
  }

  /** answered keeps what became of a question and shows its answer. */
  answered(fence: string, mark: Mark): void {
    if (this.course.done(fence)) return;
    this.course.marks.set(fence, mark);
    this.course.go(fence);
    const box = this.box(fence);
    const block = this.lesson.blocks.find((b): b is Quiz => b.kind === "quiz" && b.fence === fence);
    if (box && block) showAnswer(box, block, mark);
    this.redraw();
  }

  /** progress draws what the server says of a fence. */
  progress(p: LessonProgress): void {
    if (p.id !== this.lesson.id) return;
    if (!p.fence) return this.begun(p.state !== "idle");
    const box = this.box(p.fence);
    if (!box || box.dataset.kind === "quiz") return;
    this.course.started = true;
    const under = p.state === "running" || p.state === "waiting";
    this.course.running = under ? p.fence : this.course.running === p.fence ? "" : this.course.running;
    if (p.state === "ready" || p.state === "stopped") this.goesOn.set(p.fence, p.line);
    if (p.state === "passed") this.goesOn.delete(p.fence);
    if (p.state === "passed" || p.state === "failed") this.course.marks.set(p.fence, p.state);
    showProgress(box, p);
    follow(p.caption ? { ...p, caption: this.captionAt(p.fence, p.line) ?? p.caption } : p);
    this.redraw();
  }

  /** captionAt is the caption in this page's language: the teacher may have started the lesson in another. */
  private captionAt(fence: string, line: number): string | null {
    const block = this.lesson.blocks.find((b) => b.kind === "play" && b.fence === fence);
    return block?.kind === "play" ? captionIn(block.lines[line] ?? "") : null;
  }

  private async ask(fence: string, step: boolean): Promise<void> {
    if (this.busy || this.course.locked(fence)) return;
    if (!this.course.started && !(await this.begin())) return;
    this.refusal = "";
    this.course.go(fence);
    this.course.running = fence;
    this.redraw();
    const reply = await api.run(this.lesson.id, fence, this.goesOn.get(fence) ?? 0, step);
    if (!("error" in reply)) return;
    if (this.course.running === fence) this.course.running = "";
    const told = this.box(fence)?.dataset.state ?? "";
    if (told !== "failed" && told !== "stopped") this.refuse(reply); // else its own progress has said it
    this.redraw();
  }

  private refuse(reply: { error: string; hint?: string }): void {
    this.refusal = refusalOf(reply);
  }

  /** begun draws the lesson at its start: the lab is set for it, or for it no more. */
  private begun(started: boolean): void {
    this.course.restart();
    this.course.started = started;
    this.goesOn.clear();
    desk.caption.value = null;
    desk.focused.value = [];
    desk.beside.value = "stage";
    this.body.replaceChildren(...makeLegs(this.lesson.blocks, this));
    const first = this.course.stops[0];
    this.body.scrollTo({ top: 0 });
    if (started && first && this.inSight(first.fence)) this.course.go(first.fence);
    this.redraw();
  }

  private box(fence: string): HTMLElement | null {
    return this.body.querySelector(`[data-fence="${CSS.escape(fence)}"]`);
  }

  /** inSight reports whether a step's box lies within the part of the text that is shown. */
  private inSight(fence: string): boolean {
    const box = this.box(fence)?.getBoundingClientRect();
    const view = this.body.getBoundingClientRect();
    return box !== undefined && box.top < view.bottom - 20 && (box.bottom <= view.bottom + 1 || box.top <= view.top + view.height / 3);
  }

  /** reveal scrolls to a step: to the text before it, or to itself when that has been read. */
  private reveal(fence: string): void {
    const box = this.box(fence);
    const leg = box?.closest(".leg");
    if (!box || !leg) return;
    const edge = Number.parseFloat(getComputedStyle(this.body).scrollPaddingBlockStart) || 0; // where a scroll ends
    const fresh = leg.getBoundingClientRect().top > this.body.getBoundingClientRect().top + edge + 1;
    this.scrollTo(fresh || leg.clientHeight <= this.body.clientHeight ? leg : box);
  }

  private scrollTo(element: Element | null): void {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.toward = element;
    element?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }

  /** arrive ends a scroll at once: a press while the text still moves is for the step it moves to. */
  private arrive(): void {
    this.toward?.scrollIntoView({ block: "start", behavior: "instant" });
    this.toward = null;
  }

  /** redraw marks where the reader is and what cannot be done yet, and keeps the result. */
  private redraw(): void {
    for (const { fence } of this.course.stops) this.mark(fence);
    if (this.course.doneCount > 0) keep(this.lesson.id, resultOf(this.course, Date.now()));
    this.changed();
  }

  private mark(fence: string): void {
    const box = this.box(fence);
    if (!box) return;
    const locked = this.course.locked(fence);
    set(box, "data-here", fence === this.course.here);
    set(box, "data-locked", locked);
    const buttons = box.querySelectorAll<HTMLButtonElement>("[data-act]");
    for (const button of buttons) button.disabled = this.busy || locked;
    const going = this.goesOn.has(fence);
    buttons.forEach((button) => button.dataset.act === "run" && say(button, t(going ? "learn.goon" : "learn.run")));
  }
}
