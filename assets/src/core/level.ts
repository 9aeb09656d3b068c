// How weighty an event is. The server's words are few; one we do not know counts as plain.

/** The levels from the lightest to the gravest. */
const LEVELS = ["debug", "info", "good", "mark", "warn", "bad"];

/** rankOfLevel orders levels by weight. */
export function rankOfLevel(level: string): number {
  const rank = LEVELS.indexOf(level);
  return rank < 0 ? 1 : rank;
}
