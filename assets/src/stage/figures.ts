// What the stage costs: how long the page needs for a frame, and how far apart frames are.

/** So many frames are remembered. */
const FRAMES = 600;

/** Figures is a record of the latest frames. */
export class Figures {
  private readonly costs: number[] = [];
  private readonly gaps: number[] = [];
  private last = 0;
  stills = 0; // still pictures painted since the beginning
  flights = 0; // frames in flight in the last picture

  /** note records a frame that was begun and ended at these times. */
  note(began: number, ended: number): void {
    if (this.last > 0) push(this.gaps, began - this.last);
    push(this.costs, ended - began);
    this.last = began;
  }

  /** tell is the record in milliseconds: medians, and what 95 of 100 frames stay below. */
  tell(): { frames: number; cost: number; cost95: number; gap: number; gap95: number; stills: number; flights: number } {
    return {
      frames: this.costs.length, cost: quantile(this.costs, 0.5), cost95: quantile(this.costs, 0.95),
      gap: quantile(this.gaps, 0.5), gap95: quantile(this.gaps, 0.95), stills: this.stills, flights: this.flights,
    };
  }
}

function push(values: number[], value: number): void {
  values.push(value);
  if (values.length > FRAMES) values.shift();
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
