// What is wrong in a lesson that somebody brought: each place with its line, what stands there, and
// what to write instead.

import { el } from "../core/dom.ts";
import type { TextProblem } from "../core/lesson.ts";
import { t } from "../core/words.ts";

/** A line in three pieces: what is meant is the middle one. */
export type Pieces = readonly [before: string, meant: string, after: string];

/** piecesAt finds the word at a column, which counts bytes of UTF-8 from 1. Beyond its end a line has no such word. */
export function piecesAt(line: string, column: number): Pieces {
  const before = new TextDecoder().decode(new TextEncoder().encode(line).slice(0, column - 1));
  const rest = line.slice(before.length);
  const end = rest.search(/\s/);
  return end < 0 ? [before, rest, ""] : [before, rest.slice(0, end), rest.slice(end)];
}

/** makeProblems lists what is wrong; text is that of the file. A place in another language's file shows no line. */
export function makeProblems(problems: readonly TextProblem[], file: string, text: string): HTMLElement[] {
  const lines = text.split("\n");
  return [
    el("p", { class: "sum" }, t("learn.problems", { file, n: problems.length })),
    el("ol", {}, ...problems.map((p) => el(
      "li", {},
      el("span", { class: "at" }, t("learn.line", { n: p.line, file: p.file === file ? "" : p.file })),
      el("span", { class: "what" }, p.error),
      ...(p.file === file ? place(piecesAt(lines[p.line - 1] ?? "", p.column)) : []),
      ...(p.hint ? [el("span", { class: "hint" }, t("learn.instead", { hint: p.hint }))] : []),
    ))),
  ];
}

function place([before, meant, after]: Pieces): HTMLElement[] {
  if ((before + meant + after).trim() === "") return [];
  return [el("code", {}, before.trimStart(), el("mark", {}, meant), after.trimEnd())];
}
