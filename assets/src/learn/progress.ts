// How far a fence has come, drawn on it: a mark, the lines behind us, and what differed.

import { desk } from "../core/desk.ts";
import { el, ref, say, set } from "../core/dom.ts";
import type { FenceState, LessonProgress } from "../core/lesson.ts";
import { t } from "../core/words.ts";

const MARKS: Record<FenceState, string> = { idle: "", running: "▸", waiting: "…", ready: "▸", passed: "✓", failed: "✕", stopped: "■" };

/** showProgress draws how far a fence has come. */
export function showProgress(box: HTMLElement, progress: LessonProgress): void {
  set(box, "data-state", progress.state);
  const mark = ref(box, "mark");
  say(mark, MARKS[progress.state]);
  set(mark, "title", progress.state === "idle" ? undefined : t(`learn.state-${progress.state}`));
  markLines(box, progress);
  showResult(box, progress);
}

function markLines(box: HTMLElement, { line, state }: LessonProgress): void {
  box.querySelectorAll<HTMLElement>("pre > div").forEach((row, i) => {
    const over = state !== "idle" && (i < line || state === "passed");
    const now = i === line && state !== "passed" && state !== "idle";
    set(row, "data-at", over ? "done" : now ? state : undefined);
  });
}

/** showResult writes what was printed or why it failed. A play's lines say themselves what they do. */
function showResult(box: HTMLElement, p: LessonProgress): void {
  const result = ref(box, "result");
  if (p.state === "idle" || (p.state === "running" && p.line === 0)) result.replaceChildren();
  if (p.expected && p.got) result.replaceChildren(...difference(p.expected, p.got));
  else if (p.text && (p.state === "failed" || p.state === "waiting" || box.dataset.kind === "redis")) say(result, p.text);
  else if (p.state === "passed" && box.dataset.kind === "play") result.replaceChildren();
  result.hidden = !result.hasChildNodes();
}

/** difference shows two replies above each other; lines that are not in the other are marked. */
function difference(expected: readonly string[], got: readonly string[]): HTMLElement[] {
  const part = (title: string, lines: readonly string[], other: readonly string[], sign: string) => el(
    "div", { class: "reply" }, el("strong", {}, title),
    el("pre", {}, ...(lines.length > 0 ? lines : ["–"]).map((line) => el(
      "span", { "data-odd": !other.includes(line) }, `${other.includes(line) ? " " : sign} ${line}\n`,
    ))),
  );
  return [part(t("learn.expected"), expected, got, "−"), part(t("learn.got"), got, expected, "+")];
}

/** follow lets a lesson's progress move the page: who is in the light, what the caption says. */
export function follow(progress: LessonProgress): void {
  if (progress.panel) show(progress.panel);
  if (progress.focus) desk.focused.value = progress.focus;
  if (progress.caption !== undefined) desk.caption.value = progress.caption || null;
}

/** show opens what a lesson names: a scene beside the text, or a panel. */
function show(panel: string): void {
  if (panel === "stage" || panel === "slots" || panel === "metrics") desk.beside.value = panel;
  else desk.show.tell(panel);
}
