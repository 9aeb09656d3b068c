// The book of the charts: for every measure a column of numbers per line, aligned to one time axis.
// A number that is not known is null: a node that was down, a counter that began anew, a moment of
// which the lab no longer had a sample.

import type { GaugeRow, Gauges, GaugeSample } from "./gauges.ts";
import { MEASURES, type Measure } from "./measures.ts";

/** How far back the book goes, in milliseconds of the lab's time: the longest window. */
export const KEPT = 15 * 60_000;

/** How many moments it holds at most: slow motion takes many samples of little time. */
export const MOMENTS = 2400;

/** A rate is measured over at least so much of the lab's time, in milliseconds. */
const BASE = 900;

/** A number, or null where there is none. */
export type Maybe = number | null;

/** A sample by its nodes; broken says that samples are missing before it. */
interface Recent {
  t: number;
  rows: Map<string, GaugeRow>;
  broken: boolean;
}

/** Book takes answers in and keeps the columns. */
export class Book {
  times: number[] = [];
  readonly columns = new Map<string, Map<string, Maybe[]>>(MEASURES.map((m) => [m.id, new Map()]));
  last: GaugeSample | null = null;
  private recent: Recent[] = [];

  constructor(private readonly kept = KEPT) {}

  /** after is what to ask for next: the last sample is asked for again, to see that none is missing. */
  get after(): number {
    return this.last ? this.last.t - 1 : 0;
  }

  /** take adds the samples of an answer to a question with after. */
  take(answer: Gauges): void {
    let broken = this.last !== null && answer.samples.length > 0 && answer.samples[0]!.t !== this.last.t;
    for (const sample of answer.samples) {
      if (this.last && sample.t <= this.last.t) continue;
      if (broken) this.gap(sample.t);
      this.add(sample, answer.types, broken);
      broken = false;
    }
    this.forget();
  }

  /** clear forgets everything: another lab, another clock. */
  clear(): void {
    this.times = [];
    this.recent = [];
    this.last = null;
    for (const lines of this.columns.values()) lines.clear();
  }

  /** gap adds a moment of which nothing is known, so that no line is drawn across it. */
  private gap(until: number): void {
    this.times.push((this.last!.t + until) / 2);
    this.fill();
  }

  private add(sample: GaugeSample, types: readonly string[], broken: boolean): void {
    const rows = new Map(sample.rows.map((row) => [row.node, row]));
    this.recent.push({ t: sample.t, rows, broken });
    this.times.push(sample.t);
    for (const measure of MEASURES) {
      if (measure.kinds) this.addKinds(measure, sample, types);
      else for (const row of sample.rows) this.write(measure, row.node, this.valueOf(measure, row));
    }
    this.fill();
    this.last = sample;
    while (this.recent.length > 2 && sample.t - this.recent[1]!.t >= BASE) this.recent.shift();
  }

  private valueOf(measure: Measure, row: GaugeRow): Maybe {
    if (!row.up) return null;
    return measure.level ? measure.level(row) : this.rate(row.node, measure.counter!);
  }

  /** addKinds adds up, over the nodes whose rates are known, how many packets of each kind were sent. */
  private addKinds(measure: Measure, sample: GaugeSample, types: readonly string[]): void {
    types.forEach((type, i) => {
      let sum: Maybe = null;
      for (const { node, up } of sample.rows) {
        const rate = up ? this.rate(node, (row) => row.sent[i] ?? 0) : null;
        if (rate !== null) sum = (sum ?? 0) + rate;
      }
      if (sum || this.columns.get(measure.id)!.has(type)) this.write(measure, type, sum);
    });
  }

  /** rate is how fast a node's counter went lately, per second of the lab's time. */
  private rate(node: string, counter: (row: GaugeRow) => number): Maybe {
    let at = this.recent.length - 1;
    const { t, rows } = this.recent[at]!;
    const now = counter(rows.get(node)!);
    let from: { t: number; value: number } | null = null;
    while (at > 0 && !this.recent[at]!.broken && (!from || t - from.t < BASE)) {
      at--;
      const row = this.recent[at]!.rows.get(node);
      if (!row?.up) break;
      from = { t: this.recent[at]!.t, value: counter(row) };
    }
    if (!from || now < from.value) return null;
    return ((now - from.value) * 1000) / (t - from.t);
  }

  private write(measure: Measure, line: string, value: Maybe): void {
    const lines = this.columns.get(measure.id)!;
    let column = lines.get(line);
    if (!column) lines.set(line, (column = new Array<Maybe>(this.times.length - 1).fill(null)));
    column.push(value);
  }

  /** fill makes every column as long as the time axis. */
  private fill(): void {
    for (const lines of this.columns.values()) {
      for (const column of lines.values()) if (column.length < this.times.length) column.push(null);
    }
  }

  /** forget drops what is older than the longest window, and the lines of which nothing is left. */
  private forget(): void {
    const oldest = (this.last?.t ?? 0) - this.kept;
    let n = Math.max(0, this.times.length - MOMENTS);
    while (n < this.times.length && this.times[n]! < oldest) n++;
    if (n === 0) return;
    this.times.splice(0, n);
    for (const lines of this.columns.values()) {
      for (const [line, column] of lines) {
        column.splice(0, n);
        if (column.every((value) => value === null)) lines.delete(line);
      }
    }
  }
}
