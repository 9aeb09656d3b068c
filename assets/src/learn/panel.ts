// <lesson-panel>: the list of lessons, one lesson's text, and its steps one after the other.

import { effect } from "@preact/signals-core";
import { lesson, lessons, runFence } from "../core/api.ts";
import { desk } from "../core/desk.ts";
import { el, ref, say, set } from "../core/dom.ts";
import type { Lesson, LessonProgress, LessonSummary } from "../core/wire.ts";
import { follow, makeBlock, showProgress, type Runner } from "./blocks.ts";

/** LessonPanel opens beside the stage. */
export class LessonPanel extends HTMLElement implements Runner {
  private list: LessonSummary[] | null = null;
  private lesson: Lesson | null = null;
  private language = navigator.language.startsWith("zh") ? "zh" : "en";
  private readonly done = new Set<string>();

  connectedCallback(): void {
    ref(this, "back").addEventListener("click", () => this.showList());
    ref(this, "language").addEventListener("click", () => void this.switchLanguage());
    ref(this, "next").addEventListener("click", () => this.next());
    ref(this, "previous").addEventListener("click", () => this.scrollBack());
    document.addEventListener("keydown", (event) => this.key(event));
    effect(() => this.show(desk.place.value === "learn"));
    say(ref(this, "language"), this.language.toUpperCase());
  }

  /** show opens or closes the panel; the first opening fetches the list. */
  private show(open: boolean): void {
    const closing = !open && !this.hidden;
    this.hidden = !open;
    if (closing) document.getElementById("nodes")?.focus();
    if (!open) return;
    if (!this.list) void this.load();
    ref(this, "body").focus();
  }

  /** run asks the server to run a fence; what comes of it arrives as progress. */
  run(fence: string): void {
    if (!this.lesson) return;
    const { id } = this.lesson;
    this.progress({ type: "lesson", id, fence, line: 0, state: "running" });
    void runFence(id, this.language, fence).then((reply) => {
      if ("error" in reply) this.refused(id, fence, reply.error);
    });
  }

  /** refused shows why a fence did not run, unless its own progress has said so already. */
  private refused(id: string, fence: string, text: string): void {
    const box = this.fences().find((f) => f.dataset.fence === fence);
    if (box?.dataset.state !== "failed") this.progress({ type: "lesson", id, fence, line: 0, state: "failed", text });
  }

  /** answered counts a question as done. */
  answered(fence: string): void {
    this.done.add(fence);
    this.foot();
  }

  /** progress draws what the server says of a fence. */
  progress(p: LessonProgress): void {
    if (p.id !== this.lesson?.id) return;
    const box = this.fences().find((f) => f.dataset.fence === p.fence);
    if (box && !box.classList.contains("quiz")) showProgress(box, p);
    if (p.state === "passed") this.done.add(p.fence);
    follow(p);
    this.foot();
  }

  private async load(): Promise<void> {
    const body = ref(this, "body");
    body.replaceChildren(el("p", { class: "hint" }, "Fetching the lessons…"));
    try {
      this.list = await lessons(this.language);
      this.showList();
    } catch {
      body.replaceChildren(
        el("p", { class: "hint" }, "The lessons could not be fetched."),
        el("button", { type: "button", click: () => void this.load() }, "Try again"),
      );
    }
  }

  private showList(): void {
    this.lesson = null;
    if (!this.list) return void this.load();
    desk.caption.value = null;
    desk.focused.value = [];
    ref(this, "back").hidden = ref(this, "foot").hidden = true;
    say(ref(this, "title"), "Lessons");
    const items = (this.list ?? []).map((l) => el("li", {}, el(
      "button", { type: "button", click: () => void this.open(l.id) },
      el("span", {}, l.title), el("span", { class: "sub" }, `${l.minutes} min`),
      el("span", { class: "sub" }, l.summary ?? `level ${l.level}`),
    )));
    ref(this, "body").replaceChildren(items.length > 0 ? el("ol", { class: "lessons" }, ...items) : el("p", { class: "empty" }, "There are no lessons yet."));
  }

  private async open(id: string): Promise<void> {
    const body = ref(this, "body");
    try {
      this.lesson = await lesson(id, this.language);
    } catch {
      body.prepend(el("p", { class: "hint", role: "alert" }, "This lesson could not be fetched."));
      return;
    }
    this.done.clear();
    say(ref(this, "title"), this.lesson.title);
    ref(this, "back").hidden = ref(this, "foot").hidden = false;
    body.replaceChildren(...(this.lesson.blocks ?? []).map((block) => makeBlock(block, this)));
    body.scrollTop = 0;
    body.focus();
    this.foot();
  }

  private async switchLanguage(): Promise<void> {
    this.language = this.language === "en" ? "zh" : "en";
    say(ref(this, "language"), this.language.toUpperCase());
    this.list = null;
    if (this.lesson) await this.open(this.lesson.id);
    else await this.load();
  }

  private fences(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-fence]")];
  }

  private foot(): void {
    const total = this.fences().length;
    const progress = ref<HTMLProgressElement>(this, "progress");
    progress.max = Math.max(1, total);
    progress.value = this.done.size;
    const next = ref(this, "next") as HTMLButtonElement;
    next.disabled = total > 0 && this.done.size >= total;
    set(progress, "title", `${this.done.size} of ${total} steps`);
  }

  /** next scrolls to the first step not done and runs it; a question waits for its answer. */
  private next(): void {
    const box = this.fences().find((f) => !this.done.has(f.dataset.fence!));
    if (!box) return;
    box.scrollIntoView({ block: "center", behavior: "smooth" });
    if (box.classList.contains("quiz")) box.querySelector("input")?.focus();
    else if (box.dataset.state !== "running") this.run(box.dataset.fence!);
  }

  private scrollBack(): void {
    const before = this.fences().filter((f) => this.done.has(f.dataset.fence!));
    before.at(-1)?.scrollIntoView({ block: "center", behavior: "smooth" });
  }

  private key(event: KeyboardEvent): void {
    if (this.hidden || !this.lesson) return;
    if (event.key === "PageDown") this.next();
    else if (event.key === "PageUp") this.scrollBack();
    else return;
    event.preventDefault();
  }
}
