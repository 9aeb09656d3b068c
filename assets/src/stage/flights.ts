// Frames in flight. A frame is drawn between its true sending and its true arrival; one that took
// less than a blink (a loopback packet takes 0.1 ms) is shown for SHORTEST, after the fact.

import type { Frame } from "../core/frames.ts";
import { Beats } from "./beats.ts";

/** The shortest and longest time a finished flight is shown, in milliseconds of the viewer. */
export const SHORTEST = 450;
export const LONGEST = 4000;

/** More frames than this are not kept: the oldest give way, and the page says how many it shows. */
export const CAPACITY = 4000;

/** A dropped frame gets this far. */
export const DROP_AT = 0.55;

/** An unfinished flight waits at this part of its way when it is held or overdue. */
const WAIT_AT = 0.5;
const OVERDUE_AT = 0.92;

/** Frames that wait on one link stand in a queue, this part of the way apart, the last not before QUEUE_END. */
const QUEUE_GAP = 0.09;
const QUEUE_END = 0.12;

/** A frame in the picture. Times are the viewer's own, except sent, which is the lab's. */
export interface Flight {
  frame: Frame;
  start: number;
  length: number;
  base: number;
  wait: number; // the part of its way where it waits
}

/** The lab's clock as the picture needs it. */
export interface Times {
  virtual: number;
  wall: number;
  speed: number;
  film?: boolean; // wall is a film's own time, which can stand still and begin anywhere
}

/** Flights keeps what is in the air. It knows nothing of canvases. */
export class Flights {
  private flights: Flight[] = [];
  private readonly unfinished = new Map<number, Flight>();
  readonly beats = new Beats();
  private waiting = new Set<number>();

  /** add takes frames in. A frame heard of before, still in the air, is finished. */
  add(frames: readonly Frame[], times: Times): void {
    for (const frame of frames) {
      this.beats.note(frame);
      this.addOne(frame, times);
    }
    if (this.flights.length > CAPACITY) this.flights = this.flights.slice(-CAPACITY);
  }

  private addOne(frame: Frame, times: Times): void {
    const waiting = this.unfinished.get(frame.id);
    if (waiting) return this.finish(waiting, frame, times);
    const flight = { frame, start: startOf(frame, times), length: lengthOf(frame, times), base: 0, wait: WAIT_AT };
    this.flights.push(flight);
    if (frame.arrived === null && !frame.dropped) this.unfinished.set(frame.id, flight);
  }

  /** finish lets a frame that was in the air go on to its end from where it is drawn. */
  private finish(flight: Flight, frame: Frame, times: Times): void {
    if (frame.arrived === null && !frame.dropped) {
      flight.frame = frame;
      return;
    }
    flight.base = partOf(flight, times, () => 0);
    flight.frame = frame;
    flight.start = times.wall;
    flight.length = SHORTEST * (1 - flight.base);
    this.unfinished.delete(frame.id);
  }

  /**
   * wait takes the frames that stand at a door of the network, oldest first. The server tells of a frame
   * when it arrives or is lost, so of these there is no other word; what stands there no more and was
   * not told of is taken away.
   */
  wait(frames: readonly Frame[], times: Times): void {
    const gone = this.waiting;
    const queues = new Map<number, number>();
    this.waiting = new Set(frames.map((frame) => frame.id));
    for (const frame of frames) {
      if (!this.unfinished.has(frame.id)) this.addOne(frame, times);
      const link = frame.from * 65536 + frame.to;
      const before = queues.get(link) ?? 0;
      this.unfinished.get(frame.id)!.wait = Math.max(QUEUE_END, WAIT_AT - before * QUEUE_GAP);
      queues.set(link, before + 1);
      gone.delete(frame.id);
    }
    const lost = [...gone].filter((id) => this.unfinished.delete(id));
    if (lost.length > 0) this.flights = this.flights.filter(({ frame }) => frame.arrived !== null || frame.dropped || !lost.includes(frame.id));
  }

  /** each calls f for every frame in the air with the part of its way; those that arrived are forgotten. */
  each(times: Times, delayOf: (frame: Frame) => number, f: (frame: Frame, part: number) => void): number {
    let kept = 0;
    for (const flight of this.flights) {
      const part = partOf(flight, times, delayOf);
      if (part >= 1 || (flight.frame.dropped && part >= DROP_AT + 0.2)) continue;
      this.flights[kept++] = flight;
      if (part >= 0) f(flight.frame, part);
    }
    this.flights.length = kept;
    return kept;
  }

  /** clear forgets everything, as after a gap or a reset. */
  clear(): void {
    this.flights = [];
    this.unfinished.clear();
    this.beats.clear();
    this.waiting.clear();
  }
}

/**
 * startOf is when the viewer sees the frame leave: now, or as much later as it was sent after. In a
 * film it leaves exactly when it did.
 */
function startOf(frame: Frame, times: Times): number {
  if (times.speed <= 0) return times.wall;
  const ahead = (frame.sent - times.virtual) / times.speed;
  if (times.film) return times.wall + ahead;
  return times.wall + Math.min(150, Math.max(0, ahead));
}

function lengthOf(frame: Frame, times: Times): number {
  if (frame.arrived === null || times.speed <= 0) return SHORTEST;
  return Math.min(LONGEST, Math.max(SHORTEST, (frame.arrived - frame.sent) / times.speed));
}

/** partOf is the part of its way a flight has gone; below 0 it has not left yet. */
export function partOf(flight: Flight, times: Times, delayOf: (frame: Frame) => number): number {
  const { frame } = flight;
  if (frame.arrived === null && !frame.dropped) return unfinishedPart(flight, times, delayOf);
  const part = (times.wall - flight.start) / flight.length;
  return flight.base + (1 - flight.base) * part;
}

/** unfinishedPart follows the rule's promise; without one the frame comes in and waits half-way. */
function unfinishedPart(flight: Flight, times: Times, delayOf: (frame: Frame) => number): number {
  const delay = flight.frame.held ? 0 : delayOf(flight.frame);
  if (delay <= 0) return Math.min(flight.wait, Math.max(0, (times.wall - flight.start) / SHORTEST) * flight.wait);
  return Math.min(OVERDUE_AT, Math.max(0, (times.virtual - flight.frame.sent) / delay));
}
