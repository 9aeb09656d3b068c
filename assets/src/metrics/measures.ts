// What the charts show. A measure is a level, read from one row, or a rate, read from a counter.

import { bytes, count } from "../core/format.ts";
import type { GaugeRow } from "./gauges.ts";

/** How a measure's numbers are written. */
export type Unit = "count" | "bytes" | "rate" | "byterate";

/** One chart: its id is also its name's in the catalogue. */
export interface Measure {
  id: string;
  unit: Unit;
  zero: boolean; // whether its scale begins at nothing
  floor: number; // the least height of its scale, so that a few bytes do not look like a mountain
  level?: (row: GaugeRow) => number | null;
  counter?: (row: GaugeRow) => number;
  bus?: boolean; // of the cluster bus: other labs have none
  kinds?: boolean; // a rate of each kind of packet, over all nodes
}

/** The charts, in the order in which the place shows them. */
export const MEASURES: readonly Measure[] = [
  { id: "lag", unit: "bytes", zero: true, floor: 64, level: (row) => (row.replica && row.lag >= 0 ? row.lag : null) },
  { id: "ops", unit: "rate", zero: true, floor: 10, counter: (row) => row.commands },
  { id: "messages", unit: "rate", zero: true, floor: 5, kinds: true, bus: true },
  { id: "traffic", unit: "byterate", zero: true, floor: 1024, counter: (row) => row.sentBytes, bus: true },
  { id: "offset", unit: "count", zero: false, floor: 64, level: (row) => row.offset },
  { id: "keys", unit: "count", zero: true, floor: 10, level: (row) => row.keys },
  { id: "memory", unit: "bytes", zero: true, floor: 1024, level: (row) => row.memory },
  { id: "clients", unit: "count", zero: true, floor: 4, level: (row) => row.clients },
];

/** written is a number of a unit as people read it; null is a gap. */
export function written(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return "–";
  switch (unit) {
    case "bytes": return bytes(value);
    case "byterate": return `${bytes(value)}/s`;
    case "rate": return `${value > 0 && value < 10 ? value.toFixed(1) : count(value)}/s`;
    default: return count(value);
  }
}

/** stepsOf are the distances that the lines of a scale may have: round in the unit, and whole. */
export function stepsOf(unit: Unit): number[] {
  if (unit === "bytes" || unit === "byterate") return Array.from({ length: 45 }, (_, i) => 2 ** i);
  return Array.from({ length: 14 }, (_, i) => 10 ** i).flatMap((ten) => [ten, 2 * ten, 5 * ten]);
}
