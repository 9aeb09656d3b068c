// Telling the story: which events weigh more, which sentence to say now, which lines to list.

import { isClimax } from "./moments.ts";
import type { StoryItem } from "./wire.ts";

/** The levels from the lightest to the gravest. A word we do not know counts as plain info. */
const LEVELS = ["debug", "note", "info", "good", "mark", "warn", "bad"];

/** What is lighter than this is told to who wants every line. */
const PLAIN = LEVELS.indexOf("info");

/** A sentence stays at least this long, in milliseconds, unless a weightier one comes. */
export const LINGER = 2500;

/** Only so many of the latest events can still be news. */
const NEWS = 40;

/** More lines than this are not laid out at once. */
const LINES = 200;

/** rankOfLevel orders levels by weight. */
export function rankOfLevel(level: string): number {
  const rank = LEVELS.indexOf(level);
  return rank < 0 ? PLAIN : rank;
}

/** worthSaying reports whether an item's sentence can be the one below the stage. */
function worthSaying(item: StoryItem): boolean {
  return item.caption !== "" && rankOfLevel(item.level) >= PLAIN;
}

/** weigh is the weight of an item's sentence: what everybody waits for in a failover weighs as much as the failure did. */
function weigh(item: StoryItem): number {
  return isClimax(item.name) ? LEVELS.length - 1 : rankOfLevel(item.level);
}

/**
 * pick chooses what to say: of what is new the weightiest, and of several such the one that happened
 * to the fewest nodes, unless the present sentence still lingers. A story whose numbers start again
 * is that of a new lab, and nothing of the old one counts.
 */
export function pick(story: readonly StoryItem[], shown: StoryItem | null, age: number): StoryItem | null {
  if (shown === null || story.length > 0 && story.at(-1)!.seq < shown.seq) return story.filter(worthSaying).at(-1) ?? null;
  const fresh = story.slice(-NEWS).filter((s) => s.seq > shown.seq && worthSaying(s));
  const times = new Map<string, number>();
  for (const { name } of fresh) times.set(name, (times.get(name) ?? 0) + 1);
  let best: StoryItem | null = null;
  for (const item of fresh) {
    const heavier = best ? weigh(item) - weigh(best) : 1;
    if (heavier > 0 || (heavier === 0 && times.get(item.name)! <= times.get(best!.name)!)) best = item;
  }
  if (!best) return shown;
  return age >= LINGER || weigh(best) > weigh(shown) ? best : shown;
}

/** lineOf is an item's canonical line without the name in front, where the list has it already; of a line that is only the name, the sentence. */
export function lineOf(item: StoryItem): string {
  if (item.line === item.name) return item.caption;
  const rest = item.line.slice(item.name.length);
  return item.line.startsWith(item.name) && /^:? /.test(rest) ? rest.replace(/^:? /, "") : item.line;
}

/** Told is an item, and the nodes to which the same happened one after the other, itself the first. */
export interface Told {
  readonly item: StoryItem;
  readonly nodes: readonly string[];
}

/** tail is the newest part of the story, without the trivial when the reader wants quiet. What happened to many nodes is told once. */
export function tail(story: readonly StoryItem[], quiet: boolean): Told[] {
  const kept = quiet ? story.filter((s) => rankOfLevel(s.level) >= PLAIN) : story;
  return fold(kept).slice(-LINES);
}

/** More nodes than this in a row make one line. */
const MANY = 3;

/** fold tells once what happened to more than MANY different nodes in a row. */
function fold(story: readonly StoryItem[]): Told[] {
  const told: Told[] = [];
  for (let i = 0; i < story.length; ) {
    const run = runAt(story, i);
    if (run.length > MANY) told.push({ item: story[i]!, nodes: run });
    else for (const [k, node] of run.entries()) told.push({ item: story[i + k]!, nodes: [node] });
    i += run.length;
  }
  return told;
}

/** runAt is the nodes to which the same happened from there on. */
function runAt(story: readonly StoryItem[], from: number): string[] {
  const first = story[from]!;
  const nodes = new Set([first.node]);
  for (let i = from + 1; i < story.length; i++) {
    const item = story[i]!;
    if (item.name !== first.name || item.level !== first.level || item.line !== first.line || nodes.has(item.node) || !item.node) break;
    nodes.add(item.node);
  }
  return [...nodes];
}
