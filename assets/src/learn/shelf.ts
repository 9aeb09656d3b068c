// The shelf: the list of lessons with what was reached in each, and the place to drop one's own.

import { el, say, set } from "../core/dom.ts";
import type { LessonSummary } from "../core/lesson.ts";
import { t } from "../core/words.ts";
import { bring } from "./api.ts";
import { kept } from "./kept.ts";
import { makeProblems } from "./problems.ts";

/** makeShelf lists the lessons; open is told the id of the one chosen. */
export function makeShelf(lessons: readonly LessonSummary[], open: (id: string) => void): HTMLElement[] {
  if (lessons.length === 0) return [el("p", { class: "empty" }, t("learn.empty"))];
  return [el("ol", { class: "lessons" }, ...lessons.map((l) => el("li", {}, card(l, open))))];
}

function card(l: LessonSummary, open: (id: string) => void): HTMLElement {
  const facts = [
    t("learn.minutes", { n: l.minutes }), t("learn.nodes", { n: l.nodes }), t("learn.steps", { n: l.steps }),
    ...(l.origin === "built-in" ? [] : [t(`learn.from-${l.origin}`)]),
  ];
  return el(
    "button", { type: "button", "data-lesson": l.id, click: () => open(l.id) },
    el("span", { class: "name" }, l.title),
    el("span", { class: "level" }, t("learn.level", { n: l.level })),
    ...(l.summary ? [el("span", { class: "sub about" }, l.summary)] : []),
    el("span", { class: "sub" }, facts.join(" · ")),
    ...result(l),
  );
}

/** result says how far this browser came in a lesson. */
function result(l: LessonSummary): HTMLElement[] {
  const r = kept(l.id);
  if (!r || r.done === 0) return [];
  const all = r.done >= r.steps;
  return [
    el("span", { class: "sub got", "data-all": all }, `${all ? "✓ " : ""}${t("learn.reached", { done: r.done, steps: r.steps, right: r.right, quizzes: r.quizzes })}`),
    el("progress", { max: Math.max(1, r.steps), value: r.done, "aria-hidden": "true" }),
  ];
}

/** takeFiles lets a place take lesson files, dropped or chosen; done is told the id of the lesson. */
export function takeFiles(place: HTMLElement, input: HTMLInputElement, answer: HTMLElement, done: (id: string) => void): void {
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    say(answer, t("learn.reading", { file: file.name }));
    const text = await file.text().catch(() => ""); // what cannot be read is told by the server, as empty
    const reply = await bring(file.name, text);
    say(answer, "");
    if (!("error" in reply)) return done(reply.id ?? "");
    if (reply.problems) answer.replaceChildren(...makeProblems(reply.problems, file.name, text));
    else say(answer, [reply.error, reply.hint].filter(Boolean).join("\n"));
  };
  input.addEventListener("change", () => void take(input.files?.[0]).then(() => (input.value = "")));
  for (const type of ["dragenter", "dragover", "dragleave", "drop"] as const) {
    place.addEventListener(type, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      set(place, "data-drop", type === "dragenter" || type === "dragover");
      if (type === "drop") void take(event.dataTransfer.files[0]);
    });
  }
}
