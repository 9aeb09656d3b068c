// The time line's arithmetic: which stretch of time is in view, and where a moment stands in it.

/** A stretch of time, in milliseconds. */
export interface View {
  from: number;
  to: number;
}

/** The closest and the farthest look. */
export const CLOSEST = 2000;

/** x is where a moment stands on a line so many pixels wide. */
export function xOf(view: View, width: number, t: number): number {
  return ((t - view.from) / (view.to - view.from)) * width;
}

/** tAt is the moment that stands at a pixel. */
export function tAt(view: View, width: number, x: number): number {
  return view.from + (x / Math.max(1, width)) * (view.to - view.from);
}

/** within moves a view into the bounds, and makes it as short as they are. */
export function within(view: View, bounds: View): View {
  const whole = Math.max(CLOSEST, bounds.to - bounds.from);
  const length = Math.min(whole, Math.max(CLOSEST, view.to - view.from));
  const to = Math.min(Math.max(view.to, bounds.from + length), Math.max(bounds.to, bounds.from + length));
  return { from: to - length, to };
}

/** zoom makes a view longer or shorter around a moment, which stays where it is. */
export function zoom(view: View, t: number, factor: number, bounds: View): View {
  const whole = Math.max(CLOSEST, bounds.to - bounds.from);
  const length = Math.min(whole, Math.max(CLOSEST, (view.to - view.from) * factor));
  const part = (t - view.from) / (view.to - view.from);
  const from = t - part * length;
  return within({ from, to: from + length }, bounds);
}

/** pan moves a view by so much time. */
export function pan(view: View, by: number, bounds: View): View {
  return within({ from: view.from + by, to: view.to + by }, bounds);
}

/** reveal moves a view only if a moment is outside it, and then brings that moment inside. */
export function reveal(view: View, t: number, bounds: View): View {
  if (t >= view.from && t <= view.to) return view;
  const length = view.to - view.from;
  return within({ from: t - length / 3, to: t + (length * 2) / 3 }, bounds);
}

/** From this part of the view on, the moment shown is at the edge of the present, and the view goes along. */
const NEAR_PRESENT = 0.8;

/** follow is a view that goes along with the present: always while that is shown (head is null), else as long as the moment shown is near it. */
export function follow(view: View, head: number | null, length: number, bounds: View): View {
  if (head !== null && head < view.from + NEAR_PRESENT * (view.to - view.from)) return view;
  const along = within({ from: bounds.to - length, to: bounds.to }, bounds);
  return head === null || head >= along.from ? along : view;
}

const STEPS = [100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000];

/** ticks are round moments in a view, at least so many pixels apart. */
export function ticks(view: View, width: number, apart: number): number[] {
  const least = ((view.to - view.from) / Math.max(1, width)) * apart;
  const step = STEPS.find((s) => s >= least) ?? Math.ceil(least / 3_600_000) * 3_600_000;
  const marks: number[] = [];
  for (let t = Math.ceil(view.from / step) * step; t <= view.to; t += step) marks.push(t);
  return marks;
}

/** behind writes how far back a moment is: 00:14, or 1:02:03 from an hour on. */
export function behind(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const two = (n: number) => n.toString().padStart(2, "0");
  const rest = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  return total >= 3600 ? `${Math.floor(total / 3600)}:${rest}` : rest;
}

/** The speeds of the picture. */
export const RATES: readonly number[] = [0.125, 0.25, 0.5, 1, 2, 4];
