// <story-list>: what happened, newest at the bottom, scrolled along unless the reader went up.

import { effect, signal } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref, say, set } from "../core/dom.ts";
import { clockTime } from "../core/format.ts";
import { lineOf, tail, type Told } from "../core/narrate.ts";
import { language } from "../core/words.ts";

/** So near the bottom counts as at the bottom. */
const NEAR = 24;

/** StoryList shows the story's tail. */
export class StoryList extends HTMLElement {
  private readonly quiet = signal(true);

  connectedCallback(): void {
    const box = ref<HTMLInputElement>(this, "quiet");
    box.addEventListener("change", () => {
      this.quiet.value = box.checked;
    });
    const render = calmly(150, () => this.render());
    effect(() => {
      void [desk.store.story.value, this.quiet.value];
      render();
    });
  }

  private render(): void {
    const ol = ref(this, "list");
    const items = tail(desk.store.story.value, this.quiet.value);
    const follow = ol.scrollTop + ol.clientHeight >= ol.scrollHeight - NEAR;
    list(ol, items, (told) => String(told.item.seq), line, who);
    ref(this, "empty").hidden = items.length > 0;
    if (follow) ol.scrollTop = ol.scrollHeight;
  }
}

function line({ item }: Told): HTMLElement {
  return el(
    "li", { "data-level": item.level, title: item.caption },
    el("time", {}, clockTime(item.t)),
    el("span", { class: "node" }),
    el("span", { class: "name" }, item.name),
    el("span", { class: "line" }, language() !== "en" && item.caption ? item.caption : lineOf(item)),
  );
}

/** who fills in the node of a line, or how many there are. */
function who(row: HTMLElement, { item, nodes }: Told): void {
  const cell = row.querySelector<HTMLElement>(".node")!;
  say(cell, nodes.length > 1 ? `${nodes.length}×` : item.node);
  set(cell, "title", nodes.length > 1 ? nodes.join(" ") : item.caption);
}
