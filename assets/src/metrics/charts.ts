// The charts themselves. This file and uPlot are loaded when the place is first shown.

import { labAPI } from "../core/lab.ts";
import { effect } from "@preact/signals-core";
import { get } from "../core/api.ts";
import { desk } from "../core/desk.ts";
import { calmly, el, say, set } from "../core/dom.ts";
import { clockTime } from "../core/format.ts";
import { whileShown } from "../core/live.ts";
import { t } from "../core/words.ts";
import { Archive, joined, recorded, type Window } from "./archive.ts";
import { Book, KEPT } from "./book.ts";
import { Chart, type Shown } from "./chart.ts";
import { moment, span, windowOf } from "./cursor.ts";
import type { Gauges } from "./gauges.ts";
import { marginFor } from "./labels.ts";
import { lookOfNode, lookOfType, readStyle, type Style } from "./look.ts";
import { fit } from "../core/kinds.ts";
import { MEASURES, type Measure } from "./measures.ts";
import { momentAt, pictureOf } from "./picture.ts";
import { fillTable, tableFor } from "./table.ts";

/** A lab whose clock stands so far before the book's last sample is another one, in milliseconds. */
const BACKWARDS = 5000;

/** One measure's place on the page. */
interface Card {
  measure: Measure;
  root: HTMLElement;
  note: HTMLElement;
  table: HTMLTableElement;
  chart: Chart;
  shown: Shown | null;
}

/** Status is what the head of the place says: since when there are numbers, and whether they still come. */
export interface Status {
  state: "loading" | "live" | "away";
  since: number;
  last: number;
}

/** start fills grid with the charts and keeps them fresh; tell hears how the numbers stand. */
export function start(grid: HTMLElement, tell: (status: Status) => void): void {
  const book = new Book();
  let style = readStyle();
  const cards = MEASURES.map((measure) => cardFor(measure, style));
  let types: readonly string[] = [];
  let source = book; // what is drawn: the book, or what the archive has of an older window
  grid.replaceChildren(...cards.map((c) => c.root));
  fit(grid);

  const draw = () => {
    if (desk.scene.peek() !== "metrics" || !book.last) return;
    const window = windowOf(book.last.t, span.peek(), desk.at.peek());
    const older = desk.at.peek() !== null && window.from < book.times[0]!;
    source = older ? archive.bookFor(window, book.last.t) : book;
    for (const card of cards) readCard(card, source, window, types);
    const margin = marginFor(style, cards.flatMap((card) => card.shown!.looks));
    for (const card of cards) card.chart.show({ ...card.shown!, margin });
    pointAll();
  };
  const pointAll = () => {
    for (const card of cards) pointCard(card);
  };
  const soon = calmly(60, draw);
  const archive = new Archive(recorded, soon);
  const stand = (state: Status["state"]) => tell({ state, since: (source.times[0] ? source : book).times[0] ?? 0, last: book.last?.t ?? 0 });
  const look = async () => {
    try {
      if (book.last && desk.live.instant.peek().now < book.last.t - BACKWARDS) book.clear();
      const answer = await get<Gauges>(labAPI(`/metrics?after=${book.after}`));
      types = answer.types;
      book.take(book.last ? answer : await withPast(answer));
      draw();
      stand(book.last ? "live" : "loading");
    } catch {
      stand("away");
    }
  };
  whileShown(() => desk.scene.value === "metrics", () => void look());
  effect(() => {
    void [span.value, desk.selected.value, desk.scene.value, desk.at.value];
    soon();
  });
  effect(() => {
    if (desk.store.connection.value === "reconnecting") stand("away");
  });
  effect(() => {
    void moment.value;
    pointAll();
  });
  new ResizeObserver(() => cards.forEach((c) => c.chart.resize())).observe(grid);
  onRestyle(() => {
    style = readStyle();
    for (const card of cards) card.chart.restyle(style);
    draw();
  });
}

/** withPast adds to the lab's first answer what is recorded of the time before it. */
async function withPast(answer: Gauges): Promise<Gauges> {
  const last = answer.samples.at(-1);
  if (!last) return answer;
  const past = await recorded(last.t - KEPT, last.t).catch(() => null);
  return past ? { ...answer, samples: joined(past.samples, answer.samples) } : answer;
}

/** onRestyle calls f when colours or sizes of the page change. */
function onRestyle(f: () => void): void {
  new MutationObserver(f).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-mode"] });
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", f);
  void document.fonts.ready.then(f);
}

function cardFor(measure: Measure, style: Style): Card {
  const plot = el("div", { class: "plot", role: "img", "aria-label": t("metrics.picture", { title: t(`metrics.${measure.id}`) }) });
  const note = el("p", { class: "hint", role: "note" });
  const table = tableFor(measure);
  const id = `metric-${measure.id}`;
  const root = el(
    "section", { class: "metric", "aria-labelledby": id, "data-kinds": measure.bus ? "cluster" : undefined },
    el("header", {}, el("h3", { id }, t(`metrics.${measure.id}`)), el("p", { class: "hint" }, t(`metrics.${measure.id}-unit`)), ...(measure.id === "traffic" ? [bytesButton()] : [])), plot, table, note,
  );
  return { measure, root, note, table, chart: new Chart(plot, measure, style), shown: null };
}

/** bytesButton leads from the traffic to what it is made of. */
function bytesButton(): HTMLButtonElement {
  return el("button", { type: "button", class: "quiet", "data-do": "bytes" }, t("bytes.open"));
}

function readCard(card: Card, book: Book, window: Window, types: readonly string[]): void {
  const { measure } = card;
  const nodes = desk.live.nodes.peek();
  const order = measure.kinds ? types : nodes.map((n) => n.name);
  const before = card.shown?.picture.lines.map((line) => line.id) ?? [];
  const picture = pictureOf(book, measure.id, window, order, desk.selected.peek(), before);
  const style = card.chart.colours;
  const looks = picture.lines.map((line) => (measure.kinds ? lookOfType(style, line.id, types) : lookOfNode(style, line.id, nodes)));
  card.shown = { picture, looks, ...window, margin: 0 };
  set(card.root, "data-empty", picture.lines.length === 0);
  say(card.note, noteOf(card.shown, measure));
}

function noteOf({ picture }: Shown, measure: Measure): string {
  if (picture.lines.length === 0) return t(measure.id === "lag" ? "metrics.noreplica" : "metrics.nothing");
  if (!picture.others) return "";
  return t("metrics.shown", { shown: picture.lines.length, all: picture.lines.length + picture.others.count });
}

/** pointCard puts the cursor and the table's numbers to the moment that is pointed at. */
function pointCard(card: Card): void {
  if (!card.shown) return;
  const { picture, looks, from, to } = card.shown;
  const time = moment.peek();
  const inside = time !== null && time >= from && time <= to;
  const at = inside ? momentAt(picture.times, time) : picture.times.length - 1;
  card.chart.point(time);
  fillTable(card.table, card.measure, picture, looks, at, inside ? clockTime(picture.times[at]!).slice(0, -3) : t("metrics.now"));
  set(card.table, "data-past", inside);
}
