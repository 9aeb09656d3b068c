// What one chart draws: the lines that are shown in full, and the others together.

import type { Book, Maybe } from "./book.ts";

/** So many lines can be told apart in one chart; where there are more, the greatest are shown. */
export const SHOWN = 8;

/** A line that is shown stays until another is so much greater, so that lines do not come and go. */
const LOYALTY = 1.25;

/** One line of a chart and its column in the window. */
export interface Line {
  id: string;
  values: Maybe[];
}

/** The lines that are not shown, as the least and the greatest of them at each moment. */
export interface Others {
  count: number;
  least: Maybe[];
  most: Maybe[];
}

/** A chart's data in a window of time. */
export interface Picture {
  times: number[];
  lines: Line[];
  others: Others | null;
}

/** pictureOf cuts a window out of the book. order sorts the lines; chosen is always among them. */
export function pictureOf(
  book: Book, measure: string, window: { from: number; to: number }, order: readonly string[], chosen: string | null, before: readonly string[],
): Picture {
  const [start, end] = cut(book.times, window.from, window.to);
  const times = book.times.slice(start, end);
  const all = [...book.columns.get(measure)!].map(([id, column]) => ({ id, values: column.slice(start, end) }))
    .filter((line) => line.values.some((v) => v !== null));
  const place = new Map(order.map((id, i) => [id, i]));
  all.sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity) || (a.id < b.id ? -1 : 1));
  if (all.length <= SHOWN + 1) return { times, lines: all, others: null };
  const shown = pick(all, chosen, before);
  return { times, lines: all.filter((l) => shown.has(l.id)), others: together(all.filter((l) => !shown.has(l.id)), times.length) };
}

/** cut is where the moments of a window begin and end, with one on either side, so that lines reach its edges. */
function cut(times: readonly number[], from: number, to: number): [start: number, end: number] {
  const first = times.findIndex((time) => time >= from);
  const after = times.findIndex((time) => time > to);
  const start = first < 0 ? times.length : Math.max(0, first - 1);
  return [start, after < 0 ? times.length : after + 1];
}

/** pick names the lines that are shown. */
function pick(lines: readonly Line[], chosen: string | null, before: readonly string[]): Set<string> {
  const weight = (line: Line) => {
    if (line.id === chosen) return Infinity;
    return (greatest(line.values) ?? 0) * (before.includes(line.id) ? LOYALTY : 1);
  };
  const heaviest = lines.map((line, i) => ({ id: line.id, weight: weight(line), i }))
    .sort((a, b) => (a.weight === b.weight ? a.i - b.i : b.weight - a.weight));
  return new Set(heaviest.slice(0, SHOWN).map((l) => l.id));
}

/** together is the least and the greatest of many lines at each moment. */
function together(lines: readonly Line[], length: number): Others {
  const least: Maybe[] = new Array<Maybe>(length).fill(null);
  const most: Maybe[] = new Array<Maybe>(length).fill(null);
  for (const { values } of lines) {
    values.forEach((v, i) => {
      if (v === null) return;
      least[i] = Math.min(least[i] ?? v, v);
      most[i] = Math.max(most[i] ?? v, v);
    });
  }
  return { count: lines.length, least, most };
}

/** least and greatest of a column; null when it is all gaps. */
export function least(values: readonly Maybe[]): Maybe {
  return values.reduce<Maybe>((a, v) => (v === null ? a : Math.min(a ?? v, v)), null);
}
export function greatest(values: readonly Maybe[]): Maybe {
  return values.reduce<Maybe>((a, v) => (v === null ? a : Math.max(a ?? v, v)), null);
}

/** momentAt is the place on the time axis nearest to a time; -1 when there is none. */
export function momentAt(times: readonly number[], time: number): number {
  let best = -1;
  times.forEach((t, i) => {
    if (best < 0 || Math.abs(t - time) < Math.abs(times[best]! - time)) best = i;
  });
  return best;
}
