// The table beside a chart: the same numbers in words, for eyes, for readers of screens, for copying.

import { desk } from "../core/desk.ts";
import { el, list, ref, say, set } from "../core/dom.ts";
import { t } from "../core/words.ts";
import type { LineLook } from "./look.ts";
import { written, type Measure } from "./measures.ts";
import { greatest, least, type Others, type Picture } from "./picture.ts";

const SVG = "http://www.w3.org/2000/svg";

/** tableFor makes the empty table of a measure. */
export function tableFor(measure: Measure): HTMLTableElement {
  return el(
    "table", {},
    el("caption", { class: "sr" }, t("metrics.table", { title: t(`metrics.${measure.id}`) })),
    el("thead", {}, el(
      "tr", {}, el("th", { scope: "col" }, t(measure.kinds ? "metrics.kind" : "metrics.node")),
      el("th", { scope: "col", "data-ref": "when" }), el("th", { scope: "col" }, t("metrics.least")), el("th", { scope: "col" }, t("metrics.most")),
    )),
    el("tbody", { "data-ref": "rows" }),
  );
}

/** fillTable writes the numbers at one place of the time axis, and the least and greatest in the window. */
export function fillTable(table: HTMLElement, measure: Measure, picture: Picture, looks: readonly LineLook[], at: number, when: string): void {
  say(ref(table, "when"), when);
  const rows = picture.lines.map((line, i) => ({ line, look: looks[i]! }));
  list(ref(table, "rows"), rows, (r) => rowKey(r.look), (r) => row(r.look, measure), (tr, { line }) => {
    cells(tr, [line.values[at], least(line.values), greatest(line.values)].map((v) => written(v, measure.unit)));
  });
  if (picture.others) ref(table, "rows").append(othersRow(picture.others, measure, at));
}

/** rowKey changes when a line's look does: its row is made anew. */
function rowKey(look: LineLook): string {
  return [look.label, look.letter, look.stroke, look.dash.join(), look.down].join(" ");
}

function row(look: LineLook, measure: Measure): HTMLTableRowElement {
  const name = measure.kinds ? el("span", {}, look.label) : el(
    "button", { type: "button", class: "quiet", title: t("metrics.choose", { node: look.label }), click: () => (desk.selected.value = look.label) }, look.label,
  );
  return el("tr", { "data-bad": look.down }, el("th", { scope: "row" }, swatch(look), ...chip(look), name), el("td"), el("td"), el("td"));
}

function chip(look: LineLook): HTMLElement[] {
  return look.letter ? [el("span", { class: "chip tiny", "data-role": look.role, "data-shard": look.shard ?? undefined, "aria-hidden": "true" }, look.letter)] : [];
}

/** swatch is a piece of the line. */
function swatch(look: LineLook): Element {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "line");
  set(svg, "class", "swatch");
  set(svg, "viewBox", "0 0 24 8");
  set(svg, "aria-hidden", "true");
  for (const [name, value] of Object.entries({ x1: 0, y1: 4, x2: 24, y2: 4, stroke: look.stroke, "stroke-width": 2, "stroke-dasharray": look.dash.join(" ") })) {
    if (value !== "") set(line, name, value);
  }
  svg.append(line);
  return svg;
}

function cells(tr: HTMLElement, texts: readonly string[]): void {
  texts.forEach((text, i) => say(tr.children[i + 1]!, text));
}

/** othersRow tells the range of the lines that are not shown. */
function othersRow(others: Others, measure: Measure, at: number): HTMLTableRowElement {
  const tr = el("tr", { class: "others", "data-item": "others" }, el("th", { scope: "row" }, t("metrics.others", { n: others.count })), el("td"), el("td"), el("td"));
  cells(tr, [rangeOf(written(others.least[at], measure.unit), written(others.most[at], measure.unit)), written(least(others.least), measure.unit), written(greatest(others.most), measure.unit)]);
  return tr;
}

/** rangeOf writes two numbers as a range, with their unit once. */
export function rangeOf(from: string, to: string): string {
  const unit = /[^\d.]*$/.exec(to)![0];
  return from === to ? to : `${from.endsWith(unit) ? from.slice(0, from.length - unit.length) : from} … ${to}`;
}
