// The speeds of the lab's clock that the keys walk through.

/** SPEEDS goes from slow motion to fast forward; the status bar offers the same. */
export const SPEEDS: readonly number[] = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 100];

/** neighbour is the next speed in a direction; it stays at the ends. */
export function neighbour(steps: readonly number[], now: number, direction: 1 | -1): number {
  const wanted = direction > 0 ? steps.find((s) => s > now) : steps.findLast((s) => s < now);
  return wanted ?? now;
}
