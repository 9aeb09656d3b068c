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
