// A question: first predict, then see. Choosing an answer shows which was right, and why.

import { el, say, set } from "../core/dom.ts";
import type { LessonBlock } from "../core/lesson.ts";
import { t } from "../core/words.ts";
import type { Mark } from "./course.ts";
import { renderProse } from "./prose.ts";

type Quiz = Extract<LessonBlock, { kind: "quiz" }>;

/** makeQuiz makes a question's element; answered hears the outcome once. */
export function makeQuiz(block: Quiz, answered: (fence: string, mark: Mark) => void): HTMLElement {
  const choices = block.choices.map((choice, i) => el(
    "label", {},
    el("input", { type: "radio", name: `quiz-${block.fence}`, value: i }),
    el("span", { class: "choice" }, ...renderProse(choice.nodes)),
  ));
  const box = el(
    "section", { class: "fence quiz", "data-fence": block.fence, "data-kind": "quiz", "data-state": "idle" },
    el("fieldset", {}, el("legend", {}, ...renderProse(block.question)), ...choices),
    el("p", { class: "result", role: "status", "data-ref": "result" }),
    el("div", { class: "prose why", "data-ref": "why", hidden: true }, ...renderProse(block.reveal ?? [])),
  );
  choices.forEach((label, i) => label.addEventListener("change", () => {
    answered(block.fence, block.choices[i]!.right ? "right" : "wrong");
  }));
  return box;
}

/** showAnswer marks the right answer and says how the reader's was. */
export function showAnswer(box: HTMLElement, block: Quiz, mark: Mark): void {
  box.querySelectorAll<HTMLLabelElement>("label").forEach((label, i) => {
    const input = label.querySelector("input")!;
    input.disabled = true;
    set(label, "data-right", block.choices[i]!.right ? "yes" : input.checked ? "no" : undefined);
  });
  set(box, "data-state", mark === "wrong" ? "failed" : "passed");
  say(box.querySelector("[data-ref=result]")!, t(`learn.${mark}`));
  box.querySelector<HTMLElement>("[data-ref=why]")!.hidden = !block.reveal?.length;
}
