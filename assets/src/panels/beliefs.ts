// <belief-matrix>: who believes what about whom. Gossip is about nodes disagreeing; here they do.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref, say, set } from "../core/dom.ts";
import { opinionOf, type Opinion } from "../core/verdict.ts";
import type { NodeView } from "../core/wire.ts";

/** Each opinion's mark and words: never colour alone. */
export const MARKS: Record<Opinion, { mark: string; words: string }> = {
  self: { mark: "■", words: "itself" },
  ok: { mark: "✓", words: "reachable" },
  pfail: { mark: "?", words: "PFAIL: this node cannot reach it" },
  fail: { mark: "✕", words: "FAIL: the majority agreed" },
  handshake: { mark: "…", words: "handshake, not yet trusted" },
  unknown: { mark: "–", words: "never heard of" },
};

/** So many rows and columns can be read; the cells of more would cost minutes to lay out. */
const MOST = 60;

/** BeliefMatrix is a table of N rows and N columns, updated in place. */
export class BeliefMatrix extends HTMLElement {
  connectedCallback(): void {
    const render = calmly(200, () => this.render());
    effect(() => {
      void desk.store.nodes.value;
      render();
    });
    new ResizeObserver(() => render()).observe(this); // it comes into sight
    ref(this, "key").replaceChildren(...Object.entries(MARKS).map(([opinion, { mark, words }]) => el(
      "li", { "data-opinion": opinion }, el("span", { class: "opinion" }, mark), ` ${words}`,
    )));
  }

  private render(): void {
    if (!this.checkVisibility()) return;
    const table = ref(this, "table");
    const nodes = desk.store.nodes.peek().slice(0, MOST);
    list(table, [null, ...nodes], (n) => n?.name ?? "head", () => el("tr"), (row, node) => {
      if (node) this.row(row, node, nodes);
      else this.head(row, nodes);
    });
  }

  private head(row: HTMLElement, nodes: NodeView[]): void {
    list(row, [null, ...nodes], (n) => n?.name ?? "corner", (n) => el("th", n ? { scope: "col" } : {}, n ? n.name : ""), () => {});
  }

  private row(row: HTMLElement, observer: NodeView, nodes: NodeView[]): void {
    set(row, "data-silent", observer.state !== "up");
    list(row, [null, ...nodes], (n) => n?.name ?? "corner", (n) => (n ? el("td") : el("th", { scope: "row" }, observer.name)), (cell, subject) => {
      if (!subject) return;
      const opinion = opinionOf(observer, subject.name);
      set(cell, "data-opinion", opinion);
      set(cell, "title", `${observer.name} about ${subject.name}: ${MARKS[opinion].words}`);
      say(cell, MARKS[opinion].mark);
    });
  }
}
