// <story-list>: what happened, newest at the bottom, scrolled along unless the reader went up.

import { effect, signal } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref } from "../core/dom.ts";
import { clockTime } from "../core/format.ts";
import { lineOf, tail } from "../core/narrate.ts";
import { language } from "../core/words.ts";
import type { StoryItem } from "../core/wire.ts";

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
    list(ol, items, (s) => String(s.seq), line, () => {});
    ref(this, "empty").hidden = items.length > 0;
    if (follow) ol.scrollTop = ol.scrollHeight;
  }
}

function line(item: StoryItem): HTMLElement {
  return el(
    "li", { "data-level": item.level, title: item.caption },
    el("time", {}, clockTime(item.t)),
    el("span", { class: "node" }, item.node),
    el("span", { class: "name" }, item.name),
    el("span", { class: "line" }, language() !== "en" && item.caption ? item.caption : lineOf(item)),
  );
}
