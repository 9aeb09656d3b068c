// What a heartbeat weighs: the parts of one that was sent, and what it would weigh otherwise.

import type { Gauges, GaugeSample } from "../metrics/gauges.ts";

/** The kinds of parts, in the order in which they lie. */
export const KINDS = ["header", "slots", "gossip", "extensions"] as const;
export type Kind = (typeof KINDS)[number];

/** A part of a packet. */
export interface Part {
  kind: Kind;
  name: string;
  at: number;
  len: number;
  value: string;
}

/** What GET …/heartbeat answers; bytes are in base64. */
export interface Heartbeat {
  node: string;
  bytes: string;
  parts: readonly Part[];
  slots: number;
}

/** The sizes of the wire: the header without its bitmap, and an entry of gossip. */
export const HEADER = 208;
export const ENTRY = 104;

/** The numbers of slots that are compared: what Redis has, and what a CRC16 could tell apart. */
export const REAL = 16384;
export const LARGE = 65536;

/** bitmapOf is the bytes of a bitmap with a bit for every slot. */
export function bitmapOf(slots: number): number {
  return slots / 8;
}

/** gossipOf is how many other nodes a heartbeat tells of: a tenth of all, three at least (clusterSendPing). */
export function gossipOf(nodes: number): number {
  return Math.max(0, Math.min(Math.max(3, Math.floor(nodes / 10)), nodes - 2));
}

/** packetOf is the bytes of a heartbeat among so many nodes when nobody is suspected. */
export function packetOf(nodes: number, slots: number): number {
  return HEADER + bitmapOf(slots) + gossipOf(nodes) * ENTRY;
}

/** sumsOf adds up the parts of each kind. */
export function sumsOf(parts: readonly Part[]): Record<Kind, number> {
  const sums: Record<Kind, number> = { header: 0, slots: 0, gossip: 0, extensions: 0 };
  for (const part of parts) sums[part.kind] += part.len;
  return sums;
}

/** withSlots is the same packet as it would lie with another number of slots. */
export function withSlots(parts: readonly Part[], slots: number): Part[] {
  let at = 0;
  return parts.map((part) => {
    const len = part.kind === "slots" ? bitmapOf(slots) : part.len;
    const moved = { ...part, at, len };
    at += len;
    return moved;
  });
}

/** What all nodes send on the bus in a second of the lab's time. */
export interface Flow {
  packets: number;
  updates: number; // these carry a second bitmap
  bytes: number;
}

/** flowOf measures the flow over the samples of an answer; null when they are too few. */
export function flowOf({ types, samples }: Gauges): Flow | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.t <= first.t) return null;
  const seconds = (last.t - first.t) / 1000;
  const before = new Map(first.rows.map((row) => [row.node, row]));
  const update = types.indexOf("update");
  const flow: Flow = { packets: 0, updates: 0, bytes: 0 };
  for (const row of last.rows) {
    const old = before.get(row.node);
    if (!row.up || !old?.up || row.sentBytes < old.sentBytes) continue;
    flow.bytes += (row.sentBytes - old.sentBytes) / seconds;
    flow.packets += (total(row.sent) - total(old.sent)) / seconds;
    flow.updates += ((row.sent[update] ?? 0) - (old.sent[update] ?? 0)) / seconds;
  }
  return flow;
}

function total(counts: GaugeSample["rows"][number]["sent"]): number {
  return counts.reduce((a, b) => a + b, 0);
}

/** flowWith is the bytes that the same packets would have with another number of slots: every packet has a bitmap. */
export function flowWith(flow: Flow, slots: number): number {
  return flow.bytes + (flow.packets + flow.updates) * (bitmapOf(slots) - bitmapOf(REAL));
}

/** bytesIn decodes base64. */
export function bytesIn(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}
