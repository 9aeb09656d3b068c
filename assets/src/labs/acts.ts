// What the form of an incident says: the request, the command that does the same, and the bar of a course.

/** One act: as on a command line, and how long after the one before. */
export interface Act {
  line: string;
  afterMs?: number;
}

/** An incident that somebody asks for. all says that no lab is left out. */
export interface Ask {
  labs: string[];
  all: boolean;
  acts: Act[];
  withinMs: number;
}

/** How a lab came through; milliseconds of its own time since the first act. */
export interface Course {
  lab: string;
  acts: { atMs: number; command: string; text: string }[];
  harmedMs?: number;
  recoveredMs?: number;
  watchedMs: number;
  error?: string;
}

/** A piece of a course's bar, in shares of the longest course. */
export interface Part {
  state: "ok" | "fail";
  from: number;
  size: number;
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000 };

/** actOf reads a line such as "kill master" or "after 5s restart master". */
export function actOf(line: string): Act {
  const timed = /^after\s+(\d+(?:\.\d+)?)(ms|s|m)\s+(.+)$/.exec(line);
  if (!timed) return { line };
  return { line: timed[3]!, afterMs: Math.round(Number(timed[1]) * UNITS[timed[2]!]!) };
}

/** askOf reads the form: an act a line, empty ones left out. */
export function askOf(labs: string[], of: number, text: string, seconds: number): Ask {
  const acts = text.split("\n").map((line) => line.trim()).filter(Boolean).map(actOf);
  return { labs, all: labs.length === of, acts, withinMs: seconds > 0 ? Math.round(seconds * 1000) : 0 };
}

/** commandOf is the command line that does the same. */
export function commandOf(ask: Ask): string {
  const words = ["playground", "ctl", "--labs", ask.all ? "all" : ask.labs.join(","), "incident"];
  if (ask.withinMs > 0) words.push("--within", `${ask.withinMs / 1000}s`);
  for (const act of ask.acts) words.push(`'${(act.afterMs ? `after ${act.afterMs}ms ` : "") + act.line}'`);
  return words.join(" ");
}

/** partsOf cuts a course into the time it served and the time it did not. */
export function partsOf(c: Course, longest: number): Part[] {
  const part = (state: Part["state"], from: number, to: number): Part => ({ state, from: from / longest, size: Math.max(0, to - from) / longest });
  const down = c.harmedMs ?? c.watchedMs;
  const back = c.harmedMs === undefined ? c.watchedMs : c.recoveredMs ?? c.watchedMs;
  return [part("ok", 0, down), part("fail", down, back), part("ok", back, c.watchedMs)].filter((p) => p.size > 0);
}
