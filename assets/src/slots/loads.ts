// Keys and commands per slot, asked for once a second while the map is open.

import { SLOTS } from "../core/slots.ts";

/** What GET /api/labs/main/slots answers: rows of slot, keys, commands served since birth. */
export interface SlotLoads {
  now: number;
  rows: readonly (readonly [slot: number, keys: number, served: number])[];
}

/** Loads holds the last answer, and the rates between it and the one before. */
export class Loads {
  readonly keys = new Uint32Array(SLOTS);
  readonly rate = new Float32Array(SLOTS); // commands per second of the lab's time
  private served = new Float64Array(SLOTS);
  private now = -1;

  /** take takes an answer in. A node that began to count anew never makes a rate negative. */
  take(answer: SlotLoads): void {
    const served = new Float64Array(SLOTS);
    this.keys.fill(0);
    for (const [slot, keys, count] of answer.rows) {
      this.keys[slot] = keys;
      served[slot] = count;
    }
    const seconds = (answer.now - this.now) / 1000;
    if (this.now >= 0 && seconds > 0) {
      for (let slot = 0; slot < SLOTS; slot++) this.rate[slot] = Math.max(0, served[slot]! - this.served[slot]!) / seconds;
    } else if (seconds < 0) {
      this.rate.fill(0);
    }
    if (seconds !== 0) {
      this.served = served;
      this.now = answer.now;
    }
  }
}

/** mostOf is the greatest of many values. */
export function mostOf(values: Uint32Array | Float32Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}
