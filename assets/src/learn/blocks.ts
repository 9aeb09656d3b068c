// The blocks of a lesson as elements: prose, transcripts, plays and questions.

import { desk } from "../core/desk.ts";
import { el, ref, say, set } from "../core/dom.ts";
import type { FenceState, LessonBlock, LessonProgress } from "../core/wire.ts";
import { renderProse } from "./prose.ts";
import { readTranscript, splitComment } from "./transcript.ts";

/** What a block's buttons ask of the panel. */
export interface Runner {
  run(fence: string): void;
  answered(fence: string): void;
}

type Of<K extends LessonBlock["kind"]> = Extract<LessonBlock, { kind: K }>;

/** How each kind of block is made. */
const makers: { [K in LessonBlock["kind"]]: (block: Of<K>, runner: Runner) => HTMLElement } = {
  prose: (block) => el("div", { class: "prose" }, ...renderProse(block.nodes)),
  redis: (block, runner) => {
    const where = `redis ${block.node}${block.cluster ? " -c" : ""}`;
    return fence("redis", block.fence, where, transcript(block.text), [button("Run", () => runner.run(block.fence))]);
  },
  play: (block, runner) => fence("play", block.fence, "play", play(block.lines), [button("Run", () => runner.run(block.fence))]),
  quiz: quiz,
};

/** makeBlock makes a block's element. */
export function makeBlock(block: LessonBlock, runner: Runner): HTMLElement {
  const make = makers[block.kind] as ((block: LessonBlock, runner: Runner) => HTMLElement) | undefined;
  return make ? make(block, runner) : el("div");
}

const FENCE_MARKS: Record<FenceState, string> = { idle: "", running: "▸", waiting: "…", passed: "✓", failed: "✕" };

/** showProgress draws how far a fence has come. */
export function showProgress(box: HTMLElement, progress: LessonProgress): void {
  set(box, "data-state", progress.state);
  const mark = ref(box, "mark");
  say(mark, FENCE_MARKS[progress.state]);
  set(mark, "title", progress.state);
  box.querySelectorAll("pre > div").forEach((line, i) => {
    const over = i < progress.line || (i === progress.line && progress.state === "passed");
    set(line, "class", `${(line as HTMLElement).dataset.kind ?? ""} ${over ? "done" : i === progress.line ? "now" : ""}`.trim());
  });
  const result = ref(box, "result");
  const telling = box.dataset.kind === "redis" || progress.state === "failed"; // a play's lines say it themselves
  if (progress.state === "running" && progress.line === 0) say(result, "");
  if (progress.text !== undefined && telling) say(result, progress.text);
  result.hidden = !result.textContent;
}

function fence(kind: "redis" | "play", id: string, title: string, body: HTMLElement, buttons: HTMLElement[]): HTMLElement {
  return el(
    "section", { class: "fence", "data-fence": id, "data-kind": kind, "data-state": "idle" },
    el("header", {}, el("span", { class: "mark", "data-ref": "mark", role: "status" }), el("span", { class: "kind" }, title), ...buttons),
    body,
    el("div", { class: "result", "data-ref": "result", hidden: true }),
  );
}

function button(label: string, click: () => void): HTMLElement {
  return el("button", { type: "button", click }, label);
}

function transcript(text: string): HTMLElement {
  return el("pre", {}, ...readTranscript(text).map((line) => ("output" in line
    ? el("div", {}, line.output || " ")
    : el("div", {}, el("span", { class: "prompt" }, line.prompt), el("span", { class: "input" }, line.input)))));
}

function play(lines: readonly string[]): HTMLElement {
  return el("pre", {}, ...lines.map((line) => {
    const [verb, comment] = splitComment(line);
    return el("div", {}, verb, ...(comment ? [el("span", { class: "comment" }, comment)] : []));
  }));
}

/** quiz asks before it shows: choosing an answer marks it and says which was right. */
function quiz(block: Of<"quiz">, runner: Runner): HTMLElement {
  const choices = block.choices.map((choice, i) => {
    const label = el("label", {}, el("input", { type: "radio", name: `quiz-${block.fence}`, value: i }), el("span", {}, ...renderProse(choice.nodes)));
    label.addEventListener("change", () => {
      choices.forEach((other, j) => set(other, "data-right", block.choices[j]!.right ? "yes" : other === label ? "no" : undefined));
      set(box, "data-state", choice.right ? "passed" : "failed");
      say(verdict, choice.right ? "✓ Right." : "✕ Not quite: the ticked one. Now watch it happen.");
      runner.answered(block.fence);
    });
    return label;
  });
  const verdict = el("p", { class: "result", role: "status" });
  const box = el(
    "section", { class: "fence quiz", "data-fence": block.fence, "data-state": "idle" },
    el("fieldset", {}, el("legend", {}, ...renderProse(block.question)), ...choices), verdict,
  );
  return box;
}

/** follow lets a lesson's progress move the page: who is in the light, what the caption says. */
export function follow(progress: LessonProgress): void {
  if (progress.panel) desk.show.tell(progress.panel);
  if (progress.focus) desk.focused.value = progress.focus;
  if (progress.caption !== undefined) desk.caption.value = progress.caption || null;
}
