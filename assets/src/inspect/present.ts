// How a value of an answer is written for people: ids by name, times as ages, sizes with units.

import { bytes, count, duration, short } from "../core/format.ts";
import type { NodeView } from "../core/wire.ts";

/** A value as it is shown; full is the value as the node wrote it, where that is something else. */
export interface Shown {
  text: string;
  full: string;
}

/** present writes a value of a column. now is the lab's time of the look. */
export function present(column: string, value: string, now: number, nodes: readonly NodeView[]): Shown {
  const full = value;
  if (/^[0-9a-f]{40}$/.test(value)) return { text: nameOf(value, nodes), full };
  switch (column) {
    case "ping-sent": return { text: value === "0" ? "–" : ago(now - Number(value)), full };
    case "pong-recv": return { text: value === "0" ? "–" : ago(now - Number(value)), full };
    case "ttl": return { text: value === "-1" ? "–" : duration(Number(value)), full };
    case "bytes": return { text: bytes(Number(value)), full };
    case "microseconds": return { text: count(Number(value)), full };
    case "slots": return { text: value === "" ? "–" : value, full };
    default: return { text: value, full };
  }
}

function ago(ms: number): string {
  return duration(Math.max(0, ms));
}

function nameOf(id: string, nodes: readonly NodeView[]): string {
  const node = nodes.find((n) => n.id === id);
  return node ? node.name : short(id);
}

/** rawText is an answer as the node wrote it: CLUSTER NODES and INFO are lines of text. */
export function rawText(what: string, tables: readonly { title: string; rows: readonly (readonly string[])[] | null }[]): string {
  if (what === "nodes") return (tables[0]?.rows ?? []).map((row) => row.join(" ").trim()).join("\n");
  return tables.map(({ title, rows }) => [`# ${title}`, ...(rows ?? []).map((row) => row.join(":"))].join("\n")).join("\n\n");
}

/** FLAGS are the flags of CLUSTER NODES and the ids of their explanations. */
export const FLAGS: Readonly<Record<string, string>> = {
  "myself": "flag.myself", "master": "flag.master", "slave": "flag.slave", "fail?": "flag.pfail", "fail": "flag.fail",
  "handshake": "flag.handshake", "noaddr": "flag.noaddr", "nofailover": "flag.nofailover", "noflags": "flag.noflags",
};

/** flagsIn lists the flags that occur in the rows of CLUSTER NODES, in the order of FLAGS. */
export function flagsIn(rows: readonly (readonly string[])[], column: number): string[] {
  const found = new Set(rows.flatMap((row) => row[column]!.split(",")));
  return Object.keys(FLAGS).filter((flag) => found.has(flag));
}
