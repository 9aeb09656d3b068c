// The blocks of a lesson as elements: prose, transcripts and plays. Questions are in quiz.ts.

import { el } from "../core/dom.ts";
import type { LessonBlock } from "../core/lesson.ts";
import { t } from "../core/words.ts";
import type { Mark } from "./course.ts";
import { renderProse } from "./prose.ts";
import { makeQuiz } from "./quiz.ts";
import { readTranscript, splitComment } from "./transcript.ts";

/** What a block's buttons ask of the panel. */
export interface Asks {
  run(fence: string): void;
  step(fence: string): void;
  answered(fence: string, mark: Mark): void;
}

type Of<K extends LessonBlock["kind"]> = Extract<LessonBlock, { kind: K }>;

/** How each kind of block is made. */
const makers: { [K in LessonBlock["kind"]]: (block: Of<K>, asks: Asks) => HTMLElement } = {
  prose: (block) => el("div", { class: "prose" }, ...renderProse(block.nodes)),
  redis: (block, asks) => fence(block, `redis-cli${block.cluster ? " -c" : ""} -p ${block.node}`, transcript(block.text), asks),
  play: (block, asks) => fence(block, t("learn.play"), play(block.lines), asks),
  quiz: (block, asks) => makeQuiz(block, (fence, mark) => asks.answered(fence, mark)),
};

/** makeBlock makes a block's element. */
export function makeBlock(block: LessonBlock, asks: Asks): HTMLElement {
  const make = makers[block.kind] as ((block: LessonBlock, asks: Asks) => HTMLElement) | undefined;
  return make ? make(block, asks) : el("div");
}

/** makeLegs puts each step together with the text before it, so that one press shows both. */
export function makeLegs(blocks: readonly LessonBlock[], asks: Asks): HTMLElement[] {
  const legs: HTMLElement[] = [];
  let leg = el("section", { class: "leg" });
  for (const block of blocks) {
    leg.append(makeBlock(block, asks));
    if (block.kind === "prose") continue;
    leg.dataset.leg = block.fence;
    legs.push(leg);
    leg = el("section", { class: "leg" });
  }
  return leg.hasChildNodes() ? [...legs, leg] : legs;
}

function fence(block: Of<"redis"> | Of<"play">, title: string, body: HTMLElement, asks: Asks): HTMLElement {
  const many = (block.steps?.length ?? 0) > 1;
  const name = { fence: block.fence };
  return el(
    "section", { class: "fence", "data-fence": block.fence, "data-kind": block.kind, "data-state": "idle" },
    el(
      "header", { role: "none" },
      el("span", { class: "mark", "data-ref": "mark", role: "status" }),
      el("span", { class: "kind" }, title),
      ...(many ? [button("learn.step", t("learn.stepthis", name), () => asks.step(block.fence), "quiet")] : []),
      button("learn.run", t("learn.runthis", name), () => asks.run(block.fence)),
    ),
    body,
    el("div", { class: "result", "data-ref": "result", hidden: true }),
  );
}

function button(label: string, help: string, click: () => void, kind?: string): HTMLElement {
  return el("button", { type: "button", class: kind, title: help, "aria-label": help, "data-act": label.slice("learn.".length), click }, t(label));
}

function transcript(text: string): HTMLElement {
  return el("pre", {}, ...readTranscript(text).map((line) => ("output" in line
    ? el("div", {}, line.output || " ")
    : el("div", {}, el("span", { class: "prompt" }, line.prompt), el("span", { class: "input" }, line.input)))));
}

function play(lines: readonly string[]): HTMLElement {
  return el("pre", {}, ...lines.map((line) => {
    const [verb, comment] = splitComment(line);
    return el("div", {}, verb || " ", ...(comment ? [el("span", { class: "comment" }, comment)] : []));
  }));
}
