// When each Sentinel last did what it does again and again, as its frames tell.

import { Kind, type Frame } from "../core/frames.ts";

/** What a Sentinel repeats, how often in milliseconds of the lab, and the kind of frame that shows it. */
export const BEATS = [
  { kind: Kind.WatchPing, every: 1000, name: "ping" },
  { kind: Kind.Hello, every: 2000, name: "hello" },
  { kind: Kind.Info, every: 10_000, name: "info" },
] as const;

const REPEATED: ReadonlySet<number> = new Set(BEATS.map((b) => b.kind));

/** Beats remembers, for each pair of nodes, when a kind of frame was last sent. */
export class Beats {
  private readonly last = new Map<string, number>();

  /** note takes a frame that may be one of those. */
  note({ kind, from, to, sent }: Frame): void {
    if (!REPEATED.has(kind)) return;
    const key = `${from}>${to} ${kind}`;
    this.last.set(key, Math.max(sent, this.last.get(key) ?? 0));
  }

  /** partOf is which part of its period has gone since from last sent that to to; null when that is not known. */
  partOf(from: number, to: number, kind: number, every: number, now: number): number | null {
    const sent = this.last.get(`${from}>${to} ${kind}`);
    return sent === undefined || sent > now ? null : Math.min(1, (now - sent) / every);
  }

  /** clear forgets everything, as after a jump in time. */
  clear(): void {
    this.last.clear();
  }
}
