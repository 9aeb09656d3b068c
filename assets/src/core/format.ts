// Numbers and times as people read them. Thin spaces group digits, so that columns stay narrow.

const THIN = "\u2009";

/** count writes an integer with its digits in groups of three: 18 204. */
export function count(n: number): string {
  return Math.round(n).toString().replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

/** bytes writes a size with one decimal from a kilobyte on: 512 B, 1.5 KB, 2.0 MB. */
export function bytes(n: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let unit = 0;
  while (Math.abs(n) >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return (unit === 0 ? count(n) : n.toFixed(1)) + THIN + units[unit];
}

/** duration writes milliseconds: 0.4 ms, 12 ms, 5.1 s, 3 min 20 s. */
export function duration(ms: number): string {
  if (ms < 0) return "–";
  if (ms < 10) return `${ms.toFixed(1)}${THIN}ms`;
  if (ms < 1000) return `${Math.round(ms)}${THIN}ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)}${THIN}s`;
  return `${Math.floor(ms / 60_000)}${THIN}min ${Math.floor((ms % 60_000) / 1000)}${THIN}s`;
}

/** Times from here on are instants of the lab's calendar (milliseconds since 1970), not durations. */
const CALENDAR = 1e11;

/** clockTime writes an instant of the lab as 18:26:05.12, or a time since its start as 01:02.34. */
export function clockTime(ms: number): string {
  const calendar = ms >= CALENDAR;
  const local = calendar ? ms - new Date(ms).getTimezoneOffset() * 60_000 : ms;
  const total = Math.max(0, Math.floor(local / 10));
  const two = (n: number) => n.toString().padStart(2, "0");
  const hours = Math.floor(total / 360_000);
  const rest = `${two(Math.floor(total / 6000) % 60)}:${two(Math.floor(total / 100) % 60)}.${two(total % 100)}`;
  if (calendar) return `${two(hours % 24)}:${rest}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** speed writes a clock's speed: 1×, ¼×, 1/100×; while a cluster forms it may be 3.9×. */
export function speed(factor: number): string {
  const fractions: Record<string, string> = { "0.5": "½", "0.25": "¼", "0.1": "1/10", "0.05": "1/20", "0.01": "1/100" };
  return (fractions[String(factor)] ?? String(Number(factor.toPrecision(2)))) + "×";
}

/** plural writes a number with its noun: 1 node, 6 nodes. */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** short cuts a node id to what people compare: 3f2a1b9c. */
export function short(id: string): string {
  return id.slice(0, 8);
}
