// What GET /api/labs/{lab}/metrics answers: samples of all nodes, taken once a second.

/** One node in one sample. Counters count from the node's birth. A lag below zero is not known. */
export interface GaugeRow {
  node: string;
  up: boolean;
  replica: boolean;
  offset: number;
  lag: number;
  commands: number;
  keys: number;
  memory: number;
  clients: number;
  sentBytes: number;
  receivedBytes: number;
  sent: readonly number[]; // packets by type, in the order of Gauges.types
  received: readonly number[];
  pingBytes: number;
  pingGossip: number;
}

/** All nodes at a moment of the lab's time. */
export interface GaugeSample {
  t: number;
  rows: readonly GaugeRow[];
}

/** A run of samples, oldest first. */
export interface Gauges {
  types: readonly string[];
  kept: number;
  dropped: number;
  samples: readonly GaugeSample[];
}
