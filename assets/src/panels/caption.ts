// <caption-bar>: one sentence about what just happened, the last command, and its refusal if any.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, ref, say, sayWhole, set } from "../core/dom.ts";
import { pick } from "../core/narrate.ts";
import type { StoryItem } from "../core/wire.ts";
import { copyBy } from "./copyline.ts";

/** So often we look whether the sentence has lingered long enough, in milliseconds. */
const LOOK = 500;

/** A lesson's own sentence stays this long, in milliseconds. */
const LESSON_LINGER = 10_000;

/** A refusal stays this long, in milliseconds. */
const REFUSAL_LINGER = 15_000;

/** CaptionBar narrates: the newest caption, but never the trivial over the grave. */
export class CaptionBar extends HTMLElement {
  private shown: StoryItem | null = null;
  private since = -Infinity;

  connectedCallback(): void {
    const next = calmly(250, () => this.narrate());
    effect(() => {
      void [desk.store.story.value, desk.caption.value];
      next();
    });
    setInterval(next, LOOK);
    effect(() => this.forgetLater(desk.caption.value));
    effect(() => this.command());
    const copy = ref(this, "copy");
    copy.addEventListener("click", () => void copyBy(copy, desk.ran.peek()?.command ?? ""));
  }

  /** forgetLater lets a lesson's sentence give way to the story again after a while. */
  private forgetLater(caption: string | null): void {
    if (caption === null) return;
    setTimeout(() => {
      if (desk.caption.peek() === caption) desk.caption.value = null;
    }, LESSON_LINGER);
  }

  private narrate(): void {
    const sentence = ref(this, "sentence");
    if (desk.caption.value) {
      set(sentence, "data-level", undefined);
      return say(sentence, desk.caption.value);
    }
    const item = pick(desk.store.story.value, this.shown, performance.now() - this.since);
    if (!item || item === this.shown) return;
    this.shown = item;
    this.since = performance.now();
    set(sentence, "data-level", item.level);
    sayWhole(sentence, item.caption);
  }

  private command(): void {
    const ran = desk.ran.value;
    ref(this, "ran").hidden = ran === null;
    say(ref(this, "command"), ran?.command ?? "");
    say(ref(this, "answer"), ran?.error ?? "");
    if (ran?.error) setTimeout(() => { if (desk.ran.peek() === ran) say(ref(this, "answer"), ""); }, REFUSAL_LINGER);
  }
}
