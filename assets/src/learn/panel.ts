// <lesson-panel>: the shelf of lessons, or one lesson's text and steps, beside the living stage.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { el, ref, say, set } from "../core/dom.ts";
import type { LessonProgress, LessonSummary } from "../core/lesson.ts";
import { t } from "../core/words.ts";
import * as api from "./api.ts";
import { Lecture } from "./lecture.ts";
import { makeShelf, takeFiles } from "./shelf.ts";

/** LessonPanel opens beside the stage. The address says which lesson is open. */
export class LessonPanel extends HTMLElement {
  private lecture: Lecture | null = null;
  private shown: string | null = null; // the lesson that is open or being fetched; "" is the shelf

  connectedCallback(): void {
    ref(this, "back").addEventListener("click", () => this.leave());
    ref(this, "restart").addEventListener("click", () => void this.lecture?.begin());
    ref(this, "stop").addEventListener("click", () => this.lecture?.stop());
    ref(this, "next").addEventListener("click", () => this.lecture?.press());
    ref(this, "previous").addEventListener("click", () => this.lecture?.back());
    takeFiles(this, ref(this, "file"), ref(this, "answer"), (id) => void this.brought(id));
    document.addEventListener("keydown", (event) => this.key(event), { capture: true });
    effect(() => this.show(desk.place.value === "learn", desk.lesson.value));
  }

  /** progress hands what the server says of a fence to the open lesson. */
  progress(p: LessonProgress): void {
    this.lecture?.progress(p);
  }

  private show(open: boolean, lesson: string): void {
    const closing = !open && !this.hidden;
    this.hidden = !open;
    if (closing) document.getElementById("nodes")?.focus();
    if (!open || this.shown === lesson) return;
    this.shown = lesson;
    void (lesson ? this.open(lesson) : this.shelf());
  }

  private async shelf(): Promise<void> {
    this.lecture = null;
    this.frame();
    const lessons = await this.fetched(api.lessons(), "learn.nofetch");
    if (lessons && this.shown === "") this.place(makeShelf(lessons as LessonSummary[], (id) => (desk.lesson.value = id)));
  }

  private async open(id: string): Promise<void> {
    const lesson = await this.fetched(api.lesson(id), "learn.noopen");
    if (!lesson || this.shown !== id) return;
    this.lecture = new Lecture(lesson, ref(this, "body"), () => this.frame());
    ref(this, "body").focus();
    this.frame();
    const now = await api.lessonNow().catch(() => null);
    if (now && this.shown === id) this.lecture.resume(now);
  }

  /** fetched waits for an answer with a word of patience, and offers to try again when there is none. */
  private async fetched<T>(asked: Promise<T>, failure: string): Promise<T | null> {
    this.place([el("p", { class: "hint" }, t("learn.fetching"))]);
    try {
      return await asked;
    } catch {
      const again = () => {
        const { shown } = this;
        this.shown = null;
        this.show(true, shown ?? "");
      };
      this.place([el("p", { class: "hint", role: "alert" }, t(failure)), el("button", { type: "button", click: again }, t("learn.again"))]);
      return null;
    }
  }

  private place(nodes: HTMLElement[]): void {
    const body = ref(this, "body");
    body.replaceChildren(...nodes);
    body.scrollTop = 0;
  }

  /** leave goes back to the shelf and gives the lab its own shape again. */
  private leave(): void {
    if (this.lecture?.course.started) void api.end();
    desk.caption.value = null;
    desk.focused.value = [];
    desk.beside.value = "stage";
    desk.lesson.value = "";
  }

  private async brought(id: string): Promise<void> {
    if (desk.lesson.peek() !== id) desk.lesson.value = id;
    else await this.open(id); // the same file again, mended
  }

  /** frame redraws what stands around the text. */
  private frame(): void {
    const lecture = this.lecture;
    for (const name of ["back", "restart", "foot", "count"]) ref(this, name).hidden = !lecture;
    ref(this, "bring").hidden = lecture !== null;
    say(ref(this, "title"), lecture ? lecture.lesson.title : t("learn.title"));
    const refusal = ref(this, "refusal");
    say(refusal, lecture?.refusal ?? "");
    refusal.hidden = !lecture?.refusal;
    if (lecture) this.foot(lecture);
  }

  private foot(lecture: Lecture): void {
    const { course, busy } = lecture;
    const progress = ref<HTMLProgressElement>(this, "progress");
    progress.max = Math.max(1, course.stops.length);
    progress.value = course.doneCount;
    say(ref(this, "count"), t("learn.count", { done: course.doneCount, steps: course.stops.length }));
    const next = ref<HTMLButtonElement>(this, "next");
    const press = course.next().do;
    next.disabled = busy;
    say(next.querySelector("[data-label]") ?? next, t(busy && !course.started ? "learn.starting" : `learn.press-${press}`));
    ref(this, "stop").hidden = course.running === "";
    ref<HTMLButtonElement>(this, "restart").disabled = busy && course.running === "";
    set(this, "data-complete", course.complete);
    this.summary(lecture);
  }

  /** summary says at the end how it went. */
  private summary({ course }: Lecture): void {
    const body = ref(this, "body");
    const old = body.querySelector(".finished");
    if (!course.complete || course.stops.length === 0) return old?.remove();
    if (old) return;
    const { right, all } = course.answers;
    body.append(el(
      "section", { class: "finished", role: "status" },
      el("strong", {}, t("learn.finished")), el("p", {}, all > 0 ? t("learn.score", { right, all }) : t("learn.noscore")),
    ));
  }

  /** key lets a clicker lead through the lesson, and Shift-R go back to its start. */
  private key(event: KeyboardEvent): void {
    if (this.hidden || !this.lecture || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.documentElement.dataset.role === "viewer") return; // the keys scroll, as everywhere
    if ((event.target as Element).closest("input:not([type=radio]), select, textarea, dialog[open]")) return;
    const does = { PageDown: () => this.lecture?.press(), PageUp: () => this.lecture?.back(), R: () => void this.lecture?.begin() }[event.key];
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  }
}
