// The form of a new lab: what it asks the console for, and the command that does the same.

import type { Args } from "../core/wire.ts";

/** What the form says. */
export interface Wish {
  id: string;
  kind: string;
  masters: number;
  replicas: number;
  load: number;
  memory: boolean; // links in memory instead of connections
}

/** wishOf reads the form. Only a cluster has a number of masters. */
export function wishOf(data: FormData): Wish {
  const number = (name: string) => Math.trunc(Number(data.get(name) ?? 0)) || 0;
  const kind = String(data.get("kind") ?? "cluster");
  return {
    id: String(data.get("id") ?? "").trim(), kind, masters: kind === "cluster" ? number("masters") : 1,
    replicas: number("replicas"), load: number("load"), memory: data.get("memory") !== null,
  };
}

/** bodyOf is the request that fulfils a wish. */
export function bodyOf(w: Wish): Args {
  return {
    ...(w.id ? { id: w.id } : {}),
    topology: { mode: w.kind, ...(w.kind === "cluster" ? { masters: w.masters } : {}), replicas: w.replicas, ...(w.memory ? { links: "memory" } : {}) },
    ...(w.load > 0 ? { load: w.load } : {}),
  };
}

/** commandOf is the command line that does the same. */
export function commandOf(w: Wish): string {
  const words = ["playground", "ctl", "new", w.kind];
  if (w.id) words.push("--id", w.id);
  if (w.kind === "cluster") words.push("--masters", String(w.masters));
  words.push("--replicas", String(w.replicas));
  if (w.memory) words.push("--links", "memory");
  if (w.load > 0) words.push("--load", String(w.load));
  return words.join(" ");
}

/** serversOf is how many Redis servers a wish asks for. */
export function serversOf(w: Wish): number {
  return w.masters * (1 + w.replicas);
}

/** fitting makes a wish smaller, so that it fits into so many nodes; null when nothing is left of it. */
export function fitting(w: Wish, room: number): Wish | null {
  if (w.kind !== "cluster") return room >= 2 ? { ...w, replicas: Math.min(w.replicas, room - 1) } : null;
  const masters = Math.floor(room / (1 + w.replicas));
  if (masters >= 1) return { ...w, masters: Math.min(w.masters, masters) };
  return room >= 1 ? { ...w, masters: Math.min(w.masters, room), replicas: 0 } : null;
}
