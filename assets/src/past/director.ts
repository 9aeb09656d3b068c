// The director: when something rare happens the picture slows down by itself, and catches up after.

import { effect, signal } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import type { StoryItem } from "../core/wire.ts";

/** What is worth slow motion, and what ends it. */
const CUE = "+fail";
const CLIMAX = "+promoted";

/** The picture begins a little before the cue, and stays slow a little after the climax, in the lab's milliseconds. */
const BEFORE = 400;
const AFTER = 1200;

/** Without a climax it catches up after so long. */
const LONGEST = 10_000;

/** How slow, and how fast it catches up. */
const SLOW = 0.25;
const CATCH_UP = 4;

/** cueIn finds the first new event that is worth slow motion. */
export function cueIn(story: readonly StoryItem[], after: number): StoryItem | null {
  return story.find((item) => item.seq > after && item.name === CUE) ?? null;
}

/** paceAt is the picture's speed for where it is: slow until the climax is past, or nothing came. */
export function paceAt(head: number, cue: StoryItem, story: readonly StoryItem[]): number {
  const climax = story.find((item) => item.seq > cue.seq && item.name === CLIMAX);
  const end = climax ? climax.t + AFTER : cue.t + LONGEST;
  return head < end ? SLOW : CATCH_UP;
}

/** Director watches the lab and moves the picture. */
export class Director {
  readonly on = signal(false);
  private seen = -1;
  private cue: StoryItem | null = null;

  /** start restores the viewer's choice; without one, a class on a projector wants it. */
  start(): void {
    const kept = keptChoice();
    this.on.value = kept === null ? document.documentElement.dataset.mode === "projector" : kept === "on";
    effect(() => this.watch(desk.live.story.value));
    effect(() => this.lead(desk.past.head.value));
  }

  /** toggle turns slow motion on or off; off, a picture that was slowed down is live at once. */
  toggle(): void {
    this.on.value = !this.on.peek();
    try {
      localStorage.setItem("playground.director", this.on.peek() ? "on" : "off");
    } catch {
      // A browser that forbids storage forgets the choice with the page.
    }
    if (!this.on.peek() && desk.past.auto.peek()) desk.past.live();
  }

  private watch(story: readonly StoryItem[]): void {
    const last = story.at(-1)?.seq ?? -1;
    const first = this.seen < 0 || last < this.seen; // what was before this page, or is of a new lab, is no news
    const cue = first ? null : cueIn(story, this.seen);
    this.seen = last;
    if (!cue || !this.on.peek() || desk.past.past || desk.live.clock.peek().paused) return;
    this.cue = cue;
    desk.past.direct(cue.t - BEFORE, SLOW);
  }

  private lead(head: number | null): void {
    if (head === null || !this.cue || !desk.past.auto.peek()) return;
    const pace = paceAt(head, this.cue, desk.live.story.peek());
    if (pace !== desk.past.rate.peek()) desk.past.direct(null, pace);
  }
}

/** director is the one director of the page. */
export const director = new Director();

function keptChoice(): string | null {
  try {
    return localStorage.getItem("playground.director");
  } catch {
    return null;
  }
}
