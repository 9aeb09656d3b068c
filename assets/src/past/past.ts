// The past: a picture of the lab that can stand still, go back and be slow, while the lab runs on.

import { batch, signal } from "@preact/signals-core";
import type { Frame } from "../core/frames.ts";
import type { Store } from "../core/store.ts";
import type { Snapshot, Stretch } from "../core/wire.ts";
import type { Flights, Times } from "../stage/flights.ts";
import { RATES } from "./axis.ts";
import { Tape } from "./tape.ts";

/** So far back frames are looked for that may still be on their way at the first moment shown. */
const LEAD = 600;

/** So much is loaded at once, and asked for again when less than that is left, in seconds of viewing. */
const AHEAD = 4000;
const LOW = 1500;

/** So close to the present the picture that plays at full speed is live again. */
const ARRIVED = 500;

/** How long to wait before asking again when the record had nothing new, or did not answer. */
const PAUSE = 250;

/** What the past needs of the page. */
export interface Stage {
  store: Store; // what is shown
  live: Store; // what is
  flights: Flights;
  present(): number; // the lab's time at this moment
  sampled(shown: number, total: number): void;
}

/** Where the past is fetched from. */
export interface Record {
  at(t: number): Promise<Snapshot>;
  between(from: number, to: number): Promise<Stretch>;
}

/** Past is the picture's clock. head is null while the picture is live. */
export class Past {
  readonly head = signal<number | null>(null);
  readonly playing = signal(false);
  readonly rate = signal(1);
  readonly auto = signal(false); // the director moves the picture, not the viewer
  readonly missing = signal(false); // the record does not answer
  private readonly tape = new Tape();
  readonly loading = signal(false); // the picture is not yet that of the moment
  private wanted: number | null = null; // a moment to load
  private busy = false;
  private rested = 0; // when the record may be asked again
  private reel = 0; // the film's own time, for what flies
  private last = 0;

  constructor(private readonly stage: Stage, private readonly record: Record) {}

  /** past reports whether the picture is not live. */
  get past(): boolean {
    return this.head.peek() !== null;
  }

  /** direct lets the director show a moment, or go on from where the picture is, at a speed. */
  direct(t: number | null, rate: number): void {
    if (t !== null) this.seek(t);
    batch(() => {
      this.rate.value = rate;
      this.playing.value = true;
      this.auto.value = true;
    });
  }

  /** seek shows a moment. A moment of the future is the present. */
  seek(t: number): void {
    this.auto.value = false;
    if (this.stage.live.loaded.peek() && t >= this.stage.present()) return this.live();
    this.head.value = t;
    if (this.tape.covers(t) && this.wanted === null) {
      const near = t - this.tape.head < 2 * LEAD;
      const frames = this.tape.advance(t);
      if (!near) this.stage.flights.clear();
      return this.show(near ? frames : frames.filter((f) => f.sent > t - LEAD));
    }
    this.wanted = t;
    this.loading.value = true;
    void this.load();
  }

  /** live shows the present again. */
  live(): void {
    if (!this.past) return;
    this.wanted = null;
    batch(() => {
      this.head.value = null;
      this.playing.value = false;
      this.rate.value = 1;
      this.auto.value = false;
      this.missing.value = false;
      this.stage.flights.clear();
      this.stage.store.show(this.stage.live);
    });
  }

  /** play lets the picture run or stand. From the present, it stands. */
  play(on = !this.playing.peek()): void {
    if (!this.past) {
      if (on) return;
      this.seek(this.stage.present() - 1);
    }
    this.last = 0;
    this.auto.value = false;
    this.playing.value = on;
  }

  /** pace sets the picture's speed. The present cannot be slow: that is the past already. */
  pace(rate: number): void {
    if (!this.past) {
      if (rate >= 1) return;
      this.seek(this.stage.present() - 1);
      this.play(true);
    }
    this.auto.value = false;
    this.rate.value = rate;
  }

  /** faster goes to the next speed up or down. */
  faster(direction: 1 | -1): void {
    const at = RATES.indexOf(this.rate.peek());
    this.pace(RATES[Math.min(RATES.length - 1, Math.max(0, at + direction))]!);
  }

  /** times are the film's: virtual is the lab's time at the head, wall the film's own. */
  times(): Times | null {
    const head = this.head.peek();
    return head === null ? null : { virtual: head, wall: this.reel, speed: this.speed(), film: true };
  }

  /** speed is how fast the lab ran then, which the picture shows as it was. */
  private speed(): number {
    const { speed } = this.tape.store.clock.peek();
    return speed > 0 ? speed : 1;
  }

  /** tick moves the picture on; it is called for every refresh of the screen. */
  tick(now: number): void {
    const head = this.head.peek();
    const elapsed = this.last > 0 ? Math.min(250, now - this.last) : 0;
    this.last = now;
    if (head === null || this.wanted !== null) return;
    if (!this.playing.peek()) return;
    const step = elapsed * this.rate.peek();
    const next = Math.min(head + step * this.speed(), this.tape.to);
    this.reel += step * (next > head ? 1 : 0);
    this.head.value = Math.max(head, next);
    this.show(this.tape.advance(next));
    if (this.rate.peek() >= 1 && this.stage.present() - next < ARRIVED * this.speed()) return this.live();
    if (this.tape.to - next < LOW * this.speed() * Math.max(1, this.rate.peek()) && now > this.rested) void this.more();
  }

  /** again asks for what could not be had, as after a login. */
  again(): void {
    if (this.wanted !== null) void this.load();
  }

  private show(frames: readonly Frame[]): void {
    this.stage.store.show(this.tape.store);
    this.stage.flights.add(frames, this.times()!);
  }

  /** load fetches the moment that is wanted; when another is wanted meanwhile, that one next. */
  private async load(): Promise<void> {
    if (this.busy) return;
    this.busy = this.loading.value = true;
    while (this.wanted !== null) {
      const t = this.wanted;
      if (!(await this.fetch(t))) break;
      if (this.wanted === t) this.wanted = null;
    }
    this.busy = this.loading.value = false;
  }

  private async fetch(t: number): Promise<boolean> {
    try {
      const [snapshot, stretch] = await Promise.all([this.record.at(t), this.record.between(t - LEAD, t + AHEAD)]);
      this.missing.value = false;
      if (!this.past) return true;
      this.tape.load(snapshot, t);
      this.tape.feed(stretch);
      this.stage.sampled(stretch.shown, stretch.total);
      this.stage.flights.clear();
      this.show(this.tape.advance(t));
      return true;
    } catch {
      this.missing.value = true;
      return false;
    }
  }

  /** more fetches what comes after what is loaded. */
  private async more(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const from = this.tape.to;
    try {
      const stretch = await this.record.between(from, from + AHEAD * this.speed() * Math.max(1, this.rate.peek()));
      if (this.past && this.wanted === null && this.tape.to === from) {
        this.tape.feed(stretch);
        this.stage.sampled(stretch.shown, stretch.total);
      }
      this.missing.value = false;
    } catch {
      this.missing.value = true;
    }
    this.rested = performance.now() + PAUSE;
    this.busy = false;
    if (this.wanted !== null) void this.load();
  }
}
