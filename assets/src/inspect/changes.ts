// What has changed between two looks at a node, and for how long that is worth a mark.

import type { InfoTable } from "./ask.ts";

/** A change stays marked for so long, in milliseconds of the page's clock: nothing blinks. */
export const MARKED = 5000;

/** Numbers that change by themselves with every look are not worth a mark. */
const RESTLESS = new Set(["ping-sent", "pong-recv", "ttl", "age", "idle", "uptime_in_seconds", "server_time_usec", "lru_clock"]);

/** A value's last change: what it was, and when it was seen to be otherwise. */
export interface Change {
  was: string;
  at: number;
}

/** cellsOf visits the values of tables under names that stay the same from look to look. */
export function* cellsOf(tables: readonly InfoTable[]): Generator<[key: string, value: string]> {
  for (const [i, table] of tables.entries()) {
    const seen = new Map<string, number>();
    for (const row of table.rows ?? []) {
      const twin = seen.get(row[0]!) ?? 0;
      seen.set(row[0]!, twin + 1);
      for (const [j, value] of row.entries()) {
        const column = table.columns?.[j] ?? (j === 1 ? row[0]! : "");
        if (j > 0 && !RESTLESS.has(column)) yield [cellKey(i, row[0]!, twin, j), value];
      }
    }
  }
}

/** cellKey names one value: its table, its row, which of the rows of that name, its column. */
export function cellKey(table: number, row: string, twin: number, column: number): string {
  return JSON.stringify([table, row, twin, column]);
}

/** Changes compares each look with the one before. */
export class Changes {
  private before: Map<string, string> | null = null;
  private changed = new Map<string, Change>();

  /** take compares the tables with those before; a value that was not there before is no change. */
  take(tables: readonly InfoTable[], now: number): void {
    const values = new Map(cellsOf(tables));
    for (const [key, value] of values) {
      const was = this.before?.get(key);
      if (was !== undefined && was !== value) this.changed.set(key, { was, at: now });
    }
    for (const [key, change] of this.changed) {
      if (now - change.at > MARKED || !values.has(key)) this.changed.delete(key);
    }
    this.before = values;
  }

  /** of is a value's change, while it is marked. */
  of(key: string): Change | undefined {
    return this.changed.get(key);
  }

  /** clear forgets: another node, another look. */
  clear(): void {
    this.before = null;
    this.changed.clear();
  }
}

/** difference says how a value changed: by how much when it is a number, else what it was. */
export function difference(was: string, now: string): string {
  const number = /^-?\d+(\.\d+)?$/;
  if (!number.test(was) || !number.test(now)) return `← ${was}`;
  const by = Number(now) - Number(was);
  return `${by > 0 ? "+" : "−"}${Number(Math.abs(by).toFixed(2))}`;
}
