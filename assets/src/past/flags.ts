// Flags on the time line: which events of the story get one, how it looks, and which of many is seen.

import type { StoryItem } from "../core/wire.ts";
import type { Token } from "../stage/palette.ts";

/** The shapes of flags. A master's promotion is a hexagon, as masters are on the stage. */
export type FlagShape = "square" | "diamond" | "disc" | "hexagon" | "pennant";

/** A kind of flag: shape, letter and colour; weight decides which is seen where many stand. */
export interface FlagKind {
  id: string;
  shape: FlagShape;
  letter: string;
  colour: Token;
  weight: number;
}

/** A flag stands at a moment of the lab. */
export interface Flag {
  seq: number;
  t: number;
  kind: FlagKind;
  item: StoryItem;
}

const kind = (id: string, shape: FlagShape, letter: string, colour: Token, weight: number): FlagKind => ({ id, shape, letter, colour, weight });

const ELECTION = kind("election", "disc", "E", "frame-ask", 6);
const VOTE = kind("vote", "disc", "V", "frame-vote", 4);
const REFUSED = kind("refused", "disc", "N", "warn", 4);
const ABORTED = kind("aborted", "disc", "X", "fail", 7);

/** What gets a flag, by the name of the event. */
const EVENTS: Record<string, FlagKind> = {
  "+promoted": kind("promoted", "hexagon", "M", "ok", 10),
  "+killed": kind("killed", "square", "K", "fail", 9),
  "+crashed": kind("crashed", "square", "X", "fail", 9),
  "+fail": kind("fail", "diamond", "F", "fail", 8),
  mark: kind("mark", "pennant", "B", "focus", 8),
  "+election-start": ELECTION,
  "+frozen": kind("frozen", "square", "Z", "warn", 6),
  "+stopped": kind("stopped", "square", "T", "muted", 5),
  "+pfail": kind("pfail", "diamond", "P", "warn", 5),
  "+vote": VOTE,
  "-vote": REFUSED,
  "+move-ended": kind("move", "square", "S", "frame-update", 4),
  "+up": kind("up", "square", "R", "ok", 3),
  "-fail": kind("back", "diamond", "U", "ok", 3),
  "+formed": kind("formed", "disc", "O", "ok", 2),

  // A Sentinel's.
  "+switch-master": kind("switch", "hexagon", "W", "ok", 10),
  "+odown": kind("odown", "diamond", "O", "fail", 8),
  "-failover-abort-not-elected": ABORTED,
  "-failover-abort-no-good-slave": ABORTED,
  "-failover-abort-slave-timeout": ABORTED,
  "+try-failover": ELECTION,
  "+elected-leader": kind("elected", "disc", "L", "ok", 6),
  "+tilt": kind("tilt", "disc", "T", "warn", 6),
  "+sdown": kind("sdown", "diamond", "S", "warn", 5),
  "+vote-for-leader": VOTE,
  "-vote-for-leader": REFUSED,
  "+convert-to-slave": kind("convert", "hexagon", "R", "warn", 4),
};

/** What gets a flag because somebody did it, by the verb. What tells of itself by an event does not. */
const VERBS: Record<string, FlagKind> = {
  partition: kind("partition", "square", "C", "warn", 7),
  heal: kind("heal", "square", "H", "ok", 5),
  failover: kind("failover", "pennant", "F", "focus", 5),
  "move-slots": kind("moving", "pennant", "S", "frame-update", 4),
  rebalance: kind("moving", "pennant", "S", "frame-update", 4),
  delay: kind("link", "pennant", "L", "warn", 3),
  drop: kind("link", "pennant", "L", "warn", 3),
  hold: kind("link", "pennant", "L", "warn", 3),
  "add-master": kind("add", "pennant", "A", "ok", 3),
  "add-replica": kind("add", "pennant", "A", "ok", 3),
  replicaof: kind("failover", "pennant", "F", "focus", 5),
  rewire: kind("link", "pennant", "L", "warn", 3),
  "add-sentinel": kind("add", "pennant", "A", "ok", 3),
  remove: kind("remove", "pennant", "D", "warn", 3),
  setup: kind("reset", "pennant", "0", "muted", 3),
  reset: kind("reset", "pennant", "0", "muted", 3),
};

/** KINDS are all kinds of flag, for the legend. */
export const KINDS: readonly FlagKind[] = [...new Map([...Object.values(EVENTS), ...Object.values(VERBS)].map((k) => [k.id, k])).values()];

/** flagOf is the flag of a story's item, if it gets one. */
export function flagOf(item: StoryItem): Flag | null {
  const found = item.name === "input" ? VERBS[verbOf(item.line)] : EVENTS[item.name];
  return found ? { seq: item.seq, t: item.t, kind: found, item } : null;
}

/** verbOf is the verb of a command line such as "playground ctl kill 7001". */
function verbOf(line: string): string {
  return /^(?:playground )?(?:ctl )?(\S+)/.exec(line)?.[1] ?? "";
}

/** plant adds flags of items that are newer than the last one, and keeps so many. */
export function plant(flags: readonly Flag[], items: readonly StoryItem[], most: number): readonly Flag[] {
  const last = flags.at(-1)?.seq ?? -1;
  const fresh = items.filter((item) => item.seq > last).map(flagOf).filter((flag) => flag !== null);
  return fresh.length === 0 ? flags : [...flags, ...fresh].slice(-most);
}

/** Flags that stand too close to be told apart, at the place of the weightiest or just right of it. */
export interface Cluster {
  x: number;
  top: Flag;
  flags: readonly Flag[];
}

/** clusters gathers flags that are less than gap apart on the line. Flags are in the order of time. */
export function clusters(flags: readonly Flag[], xOf: (t: number) => number, gap: number): Cluster[] {
  const found: Cluster[] = [];
  let group: Flag[] = [];
  let begin = 0;
  const close = () => {
    if (group.length === 0) return;
    const top = group.reduce((best, f) => (f.kind.weight > best.kind.weight ? f : best));
    found.push({ x: Math.max(xOf(top.t), (found.at(-1)?.x ?? -Infinity) + gap), top, flags: group });
  };
  for (const flag of flags) {
    const x = xOf(flag.t);
    if (group.length > 0 && x - begin < gap) {
      group.push(flag);
      continue;
    }
    close();
    group = [flag];
    begin = x;
  }
  close();
  return found;
}

/** neighbour is the moment of the flag before or after a moment; null when there is none. */
export function neighbour(flags: readonly Flag[], t: number, direction: 1 | -1): number | null {
  const found = direction > 0 ? flags.find((f) => f.t > t) : flags.findLast((f) => f.t < t);
  return found?.t ?? null;
}
