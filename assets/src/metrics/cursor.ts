// The moment that every chart and table points at, and the window that all of them share.

import { computed, signal } from "@preact/signals-core";
import { desk } from "../core/desk.ts";

/** hover is where the pointer is, pinned where somebody clicked or dragged; in lab milliseconds. */
export const hover = signal<number | null>(null);
export const pinned = signal<number | null>(null);

/** span is how much of the lab's time is shown, in milliseconds. */
export const span = signal(60_000);

/** moment is the time that is pointed at; null is the present. */
export const moment = computed(() => hover.value ?? pinned.value ?? desk.at.value);

/** windowOf is what is shown: the last so much, or, where a moment before that is shown, the time around it. */
export function windowOf(last: number, length: number, at: number | null): { from: number; to: number } {
  const to = at !== null && at < last - length ? at + length / 4 : last;
  return { from: to - length, to };
}
