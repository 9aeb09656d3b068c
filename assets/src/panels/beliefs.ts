// <belief-matrix>: who believes what about whom. Gossip is about nodes disagreeing; here they do.

import { effect } from "@preact/signals-core";
import { bothWays, cellOf, MARKS } from "../core/beliefs.ts";
import { desk } from "../core/desk.ts";
import { calmly, el, ref, say, set } from "../core/dom.ts";
import type { NodeView } from "../core/wire.ts";
import { t } from "../core/words.ts";

/** So many rows and columns can be read; the cells of more would take seconds to lay out. */
const MOST = 60;

/** From so many nodes on, cells shrink to a mark. */
const COMPACT = 9;

/** A matrix changes at most so often, in milliseconds; thousands of cells less often. */
const PAUSE = 250;

/** BeliefMatrix is a table of N rows and N columns; only cells that changed are written. */
export class BeliefMatrix extends HTMLElement {
  private names = "";
  private nodes: NodeView[] = [];
  private cells: HTMLTableCellElement[][] = [];
  private at: [row: number, column: number] = [0, 0];

  connectedCallback(): void {
    const render = calmly(PAUSE, () => this.render());
    effect(() => {
      void [desk.store.nodes.value, desk.selected.value, desk.viewAs.value];
      render();
    });
    new ResizeObserver(() => render()).observe(this); // it comes into sight
    ref(this, "show").addEventListener("change", () => this.render());
    const table = ref(this, "table");
    table.addEventListener("pointerover", (event) => this.tell(event.target as Element));
    table.addEventListener("focusin", (event) => this.tell(event.target as Element));
    table.addEventListener("keydown", (event) => this.key(event));
    table.addEventListener("click", (event) => this.look(event.target as Element));
    ref(this, "key").replaceChildren(...Object.entries(MARKS).map(([opinion, mark]) => el(
      "li", { "data-opinion": opinion }, el("span", { class: "opinion" }, mark), ` ${t(`belief.${opinion}`)}`,
    )), el("li", {}, el("span", { class: "opinion", "data-other": true }, MARKS.ok), ` ${t("belief.differs")}`));
  }

  private render(): void {
    if (!this.checkVisibility()) return;
    const all = desk.store.nodes.peek();
    this.nodes = choose(all);
    const names = this.nodes.map((n) => n.name).join();
    if (names !== this.names) this.build(names);
    say(ref(this, "part"), all.length > this.nodes.length ? t("beliefs.part", { shown: this.nodes.length, nodes: all.length }) : "");
    const epochs = ref<HTMLSelectElement>(this, "show").value === "epochs";
    this.nodes.forEach((observer, i) => this.row(observer, this.cells[i]!, epochs));
  }

  private row(observer: NodeView, cells: HTMLTableCellElement[], epochs: boolean): void {
    const row = cells[0]?.parentElement;
    if (!row) return;
    set(row, "data-silent", observer.state !== "up");
    set(row, "data-as", desk.viewAs.peek() === observer.name);
    this.nodes.forEach((subject, j) => {
      const { opinion, mark, epoch, master } = cellOf(observer, subject);
      const cell = cells[j]!;
      set(cell, "data-opinion", opinion);
      set(cell, "data-other", master !== "");
      say(cell, epochs ? epoch : mark);
    });
  }

  /** build makes the table anew: the nodes are others than before. */
  private build(names: string): void {
    this.names = names;
    this.at = [0, 0];
    const head = el("tr", {}, el("td"), ...this.nodes.map((n) => el("th", { scope: "col" }, el("span", {}, n.name))));
    this.cells = this.nodes.map((_, i) => this.nodes.map((_, j) => el("td", { tabindex: i + j === 0 ? 0 : -1, "data-row": i, "data-column": j })));
    const rows = this.nodes.map((n, i) => el("tr", {}, el("th", { scope: "row" }, n.name), ...this.cells[i]!));
    const table = ref(this, "table");
    set(table, "data-compact", this.nodes.length >= COMPACT);
    table.replaceChildren(el("thead", {}, head), el("tbody", {}, ...rows));
  }

  private pair(target: Element): [NodeView, NodeView] | null {
    const cell = target.closest<HTMLElement>("td[data-row]");
    const observer = this.nodes[Number(cell?.dataset.row)];
    const subject = this.nodes[Number(cell?.dataset.column)];
    return observer && subject ? [observer, subject] : null;
  }

  private tell(target: Element): void {
    const pair = this.pair(target);
    say(ref(this, "says"), pair ? bothWays(...pair) : t("beliefs.look"));
  }

  /** look draws the stage with the row's eyes, or with the lab's again. */
  private look(target: Element): void {
    const [observer] = this.pair(target) ?? [];
    if (observer) desk.viewAs.value = desk.viewAs.peek() === observer.name ? null : observer.name;
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    if (event.key === "Enter") this.look(event.target as Element);
    else if (step) this.walk(...step);
    else return;
    event.preventDefault();
  }

  private walk(down: number, right: number): void {
    const last = this.nodes.length - 1;
    const before = this.cells[this.at[0]]?.[this.at[1]];
    this.at = [Math.min(last, Math.max(0, this.at[0] + down)), Math.min(last, Math.max(0, this.at[1] + right))];
    const cell = this.cells[this.at[0]]?.[this.at[1]];
    if (!cell || !before) return;
    before.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus();
  }
}

/** choose picks the nodes of the matrix: all of them, or the chosen one's shard and the first others. */
function choose(all: readonly NodeView[]): NodeView[] {
  if (all.length <= MOST) return [...all];
  const shard = desk.chosen.peek()?.shard;
  const near = all.filter((n) => n.shard === shard);
  return [...near, ...all.filter((n) => n.shard !== shard)].slice(0, MOST);
}
