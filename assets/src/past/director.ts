// The director: when something rare happens the picture slows down by itself, and catches up after.

import { computed, effect, signal } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { isClimax, isCue } from "../core/moments.ts";
import type { StoryItem } from "../core/wire.ts";
import { t } from "../core/words.ts";

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
  return story.find((item) => item.seq > after && isCue(item.name)) ?? null;
}

/** paceAt is the picture's speed for where it is: slow until the climax is past, or nothing came. */
export function paceAt(head: number, cue: StoryItem, story: readonly StoryItem[]): number {
  const climax = story.find((item) => item.seq > cue.seq && isClimax(item.name));
  const end = climax ? climax.t + AFTER : cue.t + LONGEST;
  return head < end ? SLOW : CATCH_UP;
}

/** failedIn is the node, or the master by its name, whose failure a cue tells of. */
export function failedIn(cue: StoryItem): string {
  return cue.say?.args?.node ?? cue.say?.args?.master ?? cue.node;
}

/** Director watches the lab and moves the picture. */
export class Director {
  private readonly choice = signal<boolean | null>(null);
  private readonly projected = signal(false);
  private readonly cue = signal<StoryItem | null>(null);
  private seen = -1;

  /** on is what the viewer has chosen; who has not gets slow motion on a projector. */
  readonly on = computed(() => this.choice.value ?? this.projected.value);

  /** start restores the viewer's choice and begins to watch. */
  start(): void {
    const kept = keptChoice();
    if (kept !== null) this.choice.value = kept === "on";
    const look = () => { this.projected.value = document.documentElement.dataset.mode === "projector"; };
    new MutationObserver(look).observe(document.documentElement, { attributes: true, attributeFilter: ["data-mode"] });
    look();
    effect(() => this.watch(desk.live.story.value));
    effect(() => this.lead(desk.past.head.value));
  }

  /** toggle turns slow motion on or off, and says so. */
  toggle(): void {
    this.choose(!this.on.peek());
  }

  /** choose turns slow motion on or off; off, a picture that was slowed down is live at once. */
  choose(on: boolean): void {
    this.choice.value = on;
    try {
      localStorage.setItem("playground.director", on ? "on" : "off");
    } catch {
      // A browser that forbids storage forgets the choice with the page.
    }
    if (!on && desk.past.auto.peek()) desk.past.live();
    desk.caption.value = t(on ? "past.directs" : "past.directsnot");
  }

  /** why says why the picture is not live, while the director leads it. */
  why(behind: string): string {
    if (!this.cue.peek()) return "";
    const id = desk.past.rate.peek() > 1 ? "past.catchup" : "past.slow";
    return t(id, { node: failedIn(this.cue.peek()!), behind });
  }

  private watch(story: readonly StoryItem[]): void {
    const last = story.at(-1)?.seq ?? -1;
    const first = this.seen < 0 || last < this.seen; // what was before this page, or is of a new lab, is no news
    const cue = first ? null : cueIn(story, this.seen);
    this.seen = last;
    if (!cue || !this.on.peek() || desk.past.past || desk.live.clock.peek().paused) return;
    this.cue.value = cue;
    desk.past.direct(cue.t - BEFORE, SLOW);
  }

  private lead(head: number | null): void {
    const cue = this.cue.peek();
    if (head === null || !cue || !desk.past.auto.peek()) return;
    const pace = paceAt(head, cue, desk.live.story.peek());
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
