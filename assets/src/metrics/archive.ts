// The archive: recorded numbers of a piece of the past that the book no longer holds, or never held.

import { labAPI } from "../core/lab.ts";
import { get } from "../core/api.ts";
import { Book } from "./book.ts";
import type { Gauges, GaugeSample } from "./gauges.ts";

/** So much is fetched at once, in milliseconds of the lab's time: what one answer tells at most. */
const STRETCH = 20 * 60_000;

/** So much of it lies behind the window, so that a film can play on. */
const AHEAD = 2 * 60_000;

/** A window of the lab's time. */
export interface Window {
  from: number;
  to: number;
}

/** recorded fetches the numbers after one moment up to another. */
export async function recorded(after: number, until: number): Promise<Gauges> {
  return get(labAPI(`/metrics?after=${Math.round(after)}&until=${Math.round(until)}`));
}

/** Archive holds one stretch at a time. */
export class Archive {
  private book = new Book(STRETCH);
  private held: Window = { from: 0, to: 0 };
  private asked: Window | null = null;

  constructor(private readonly fetch: (after: number, until: number) => Promise<Gauges>, private readonly came: () => void) {}

  /** bookFor is what is known of a window. What is missing is fetched; came is called when it is there. */
  bookFor(window: Window, present: number): Book {
    const to = Math.min(window.to + AHEAD, present);
    if (!within(window, this.held, present) && !(this.asked && within(window, this.asked, present))) void this.load({ from: to - STRETCH, to });
    return this.book;
  }

  private async load(stretch: Window): Promise<void> {
    this.asked = stretch;
    try {
      const answer = await this.fetch(stretch.from, stretch.to);
      if (this.asked !== stretch) return; // another window is wanted by now
      this.book = new Book(STRETCH);
      this.book.take(answer);
      this.held = stretch;
      this.came();
    } catch {
      if (this.asked === stretch) this.asked = null; // the next drawing asks again
    }
  }
}

function within(window: Window, stretch: Window, present: number): boolean {
  return window.from >= stretch.from && Math.min(window.to, present) <= stretch.to;
}

/**
 * joined puts what is recorded before what the lab still has. They meet at a sample that both have, for
 * the lab records some of its samples; where they have none in common, only the lab's are told.
 */
export function joined(past: readonly GaugeSample[], now: readonly GaugeSample[]): GaugeSample[] {
  const known = new Set(past.map((s) => s.t));
  const at = now.findIndex((s) => known.has(s.t));
  if (at < 0) return [...now];
  return [...past.filter((s) => s.t < now[at]!.t), ...now.slice(at)];
}
