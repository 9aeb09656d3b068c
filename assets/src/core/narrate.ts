// Telling the story: which events weigh more, which sentence to say now, which lines to list.

import type { StoryItem } from "./wire.ts";

/** The levels from the lightest to the gravest. A word we do not know counts as plain info. */
const LEVELS = ["debug", "info", "good", "mark", "warn", "bad"];

/** A sentence stays at least this long, in milliseconds, unless a weightier one comes. */
export const LINGER = 2500;

/** More lines than this are not laid out at once. */
const LINES = 200;

/** rankOfLevel orders levels by weight. */
export function rankOfLevel(level: string): number {
  const rank = LEVELS.indexOf(level);
  return rank < 0 ? 1 : rank;
}

/** pick chooses what to say: the weightiest of what is new, unless the present sentence still lingers. */
export function pick(story: readonly StoryItem[], shown: StoryItem | null, age: number): StoryItem | null {
  const last = shown?.seq ?? -1;
  const fresh = story.slice(-20).filter((s) => s.seq > last && s.caption);
  if (shown === null) return story.filter((s) => s.caption).at(-1) ?? null;
  let best: StoryItem | null = null;
  for (const item of fresh) {
    if (!best || rankOfLevel(item.level) >= rankOfLevel(best.level)) best = item;
  }
  if (!best) return shown;
  return age >= LINGER || rankOfLevel(best.level) > rankOfLevel(shown.level) ? best : shown;
}

/** tail is the newest part of the story, without the trivial when the reader wants quiet. */
export function tail(story: readonly StoryItem[], quiet: boolean): StoryItem[] {
  const kept = quiet ? story.filter((s) => rankOfLevel(s.level) > 0) : story;
  return kept.slice(-LINES);
}
