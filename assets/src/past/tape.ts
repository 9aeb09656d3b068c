// The tape: a piece of the record with a head. It holds the lab as it was where the head is, and what
// happened next as far as it is loaded. It fetches nothing and knows no clock.

import type { Frame } from "../core/frames.ts";
import { Store } from "../core/store.ts";
import type { Batch, RecordedFrame, Snapshot, StoryItem, Stretch } from "../core/wire.ts";

/** Tape plays one way; going back means to load it anew. */
export class Tape {
  readonly store = new Store();
  head = 0;
  to = -Infinity; // loaded so far
  private changes: Batch[] = [];
  private events: StoryItem[] = [];
  private frames: Frame[] = [];

  /** load begins anew with the lab as it was at a moment. */
  load(snapshot: Snapshot, t: number): void {
    this.store.replace(snapshot, 0);
    this.head = this.to = t;
    this.changes = [];
    this.events = [];
    this.frames = [];
  }

  /** feed adds what happened next. What is known already is left out; frames on their way come once. */
  feed(stretch: Stretch): void {
    const first = this.to <= this.head && this.frames.length === 0;
    this.changes.push(...stretch.changes.filter((c) => c.now > this.to));
    this.events.push(...stretch.events.filter((e) => e.t > this.to || first && e.seq > lastSeq(this.store)));
    this.frames.push(...stretch.frames.filter((f) => first || f.sent > this.to).map(frameOf).sort((a, b) => a.sent - b.sent));
    this.to = Math.max(this.to, stretch.to);
  }

  /** covers reports whether the head can go to a moment without anything being fetched. */
  covers(t: number): boolean {
    return t >= this.head && t <= this.to;
  }

  /** advance moves the head on and hands out the frames that were sent on the way. */
  advance(t: number): Frame[] {
    this.head = Math.min(t, this.to);
    for (const change of take(this.changes, (c) => c.now <= this.head)) this.store.apply(change, 0);
    const events = take(this.events, (e) => e.t <= this.head);
    if (events.length > 0) this.store.apply({ type: "batch", seq: this.store.seq, now: this.head, wall: 0, events }, 0);
    return take(this.frames, (f) => f.sent <= this.head);
  }
}

function lastSeq(store: Store): number {
  return store.story.peek().at(-1)?.seq ?? -1;
}

/** take removes the items at the front that fit, and returns them. */
function take<T>(items: T[], fits: (item: T) => boolean): T[] {
  const end = items.findIndex((item) => !fits(item));
  return items.splice(0, end < 0 ? items.length : end);
}

/** frameOf is a recorded frame in the form of the live stream. */
export function frameOf(frame: RecordedFrame): Frame {
  return { ...frame, aux: 0, arrived: frame.arrived > 0 ? frame.arrived : null };
}
