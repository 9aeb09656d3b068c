// Keys and commands per slot, asked for once a second while the map is open.

import { SLOTS } from "../core/slots.ts";

/** What GET /api/labs/{lab}/slots answers: rows of slot, keys, commands served since birth. */
export interface SlotLoads {
  now: number;
  rows: readonly (readonly [slot: number, keys: number, served: number])[];
  before?: SlotLoads; // of a moment of the past: the same a while earlier
}

/** Loads holds the last answer, and the rates between it and the one before. */
export class Loads {
  readonly keys = new Uint32Array(SLOTS);
  readonly rate = new Float32Array(SLOTS); // commands per second of the lab's time
  private served = new Float64Array(SLOTS);
  private now = -1;

  /** known tells whether there is anything to show. */
  get known(): boolean {
    return this.now >= 0;
  }

  /** clear forgets everything: another time is shown. */
  clear(): void {
    this.keys.fill(0);
    this.rate.fill(0);
    this.now = -1;
  }

  /** show shows a moment of the past by itself. */
  show(moment: SlotLoads): void {
    this.clear();
    if (moment.before) this.take(moment.before);
    this.take(moment);
  }

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
