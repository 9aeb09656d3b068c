// What a node would get if it asked another for what it is missing: the rest, or everything. The
// same questions in the same order as masterTryPartialResynchronization asks.

import type { NodeView } from "../core/wire.ts";

/** Fate is what would be sent, and why if it is everything. */
export interface Fate {
  kind: "partial" | "full";
  why: "" | "unknown-replid" | "replid2-too-far" | "no-backlog" | "offset-out-of-backlog" | "ahead";
  next: number; // the byte that it would ask for
  bytes: number; // how many of a partial sync
}

/** fateOf judges by what both nodes know of their histories. */
export function fateOf(asker: NodeView, asked: NodeView): Fate {
  const next = asker.offset + 1;
  const full = (why: Fate["why"]): Fate => ({ kind: "full", why, next, bytes: 0 });
  const { stream } = asked;
  if (!stream) return full("no-backlog");
  if (asker.replid !== asked.replid) {
    if (asker.replid !== asked.replid2 || stream.secondOffset < 0) return full("unknown-replid");
    if (next > stream.secondOffset) return full("replid2-too-far");
  }
  const { active, first, length } = stream.backlog;
  if (!active) return full("no-backlog");
  if (next < first) return full("offset-out-of-backlog");
  if (next > first + length) return full("ahead");
  return { kind: "partial", why: "", next, bytes: first + length - next };
}
