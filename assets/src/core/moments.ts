// The moments of a failover that everybody waits for, whoever decides it: a cluster or its Sentinels.

/** What begins a failover: a failure that a majority agrees on. */
const CUES: ReadonlySet<string> = new Set(["+fail", "+odown"]);

/** What ends it: there is a new master, and clients are told. */
const CLIMAXES: ReadonlySet<string> = new Set(["+promoted", "+switch-master"]);

/** isCue reports whether an event of that name begins a failover. */
export function isCue(name: string): boolean {
  return CUES.has(name);
}

/** isClimax reports whether an event of that name ends one. */
export function isClimax(name: string): boolean {
  return CLIMAXES.has(name);
}
