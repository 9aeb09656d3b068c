// Labels at the ends of lines: near their lines, in their lines' order, and never on each other.

/** spread moves heights apart until each has its room between top and bottom, where there is room for all. */
export function spread(heights: readonly number[], room: number, top: number, bottom: number): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a]! - heights[b]! || a - b);
  const step = Math.min(room, order.length > 1 ? (bottom - top) / (order.length - 1) : room);
  const out = new Array<number>(heights.length);
  let floor = top;
  for (const i of order) {
    out[i] = Math.max(heights[i]!, floor);
    floor = out[i]! + step;
  }
  let ceiling = bottom;
  for (const i of order.reverse()) {
    out[i] = Math.min(out[i]!, ceiling);
    ceiling = out[i]! - step;
  }
  return out;
}
