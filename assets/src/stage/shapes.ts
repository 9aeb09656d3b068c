// Shapes and marks. Role is a shape, state is a glyph, a shard is a letter, a colour and a hatch.

type Pen = CanvasRenderingContext2D;

/** A hexagon is drawn so much larger than a circle, for the two to look alike in size. */
export const HEXAGON = 1.12;

/** hexagon traces a hexagon standing on its point. */
export function hexagon(pen: Pen, x: number, y: number, r: number): void {
  pen.beginPath();
  for (let i = 0; i < 6; i++) {
    const turn = Math.PI / 6 + (i * Math.PI) / 3;
    pen.lineTo(x + r * Math.cos(turn), y + r * Math.sin(turn));
  }
  pen.closePath();
}

/** disc traces a circle. */
export function disc(pen: Pen, x: number, y: number, r: number): void {
  pen.beginPath();
  pen.arc(x, y, Math.max(0, r), 0, 2 * Math.PI);
}

/** square traces a square, which stands for a node where shapes would be too small to tell. */
export function square(pen: Pen, x: number, y: number, r: number): void {
  pen.beginPath();
  pen.rect(x - r, y - r, 2 * r, 2 * r);
}

/** cross traces two strokes: killed, failed, dropped. */
export function cross(pen: Pen, x: number, y: number, r: number): void {
  pen.beginPath();
  pen.moveTo(x - r, y - r);
  pen.lineTo(x + r, y + r);
  pen.moveTo(x + r, y - r);
  pen.lineTo(x - r, y + r);
}

/** crack traces a bolt through a shape: its process died of a mistake of its own. */
export function crack(pen: Pen, x: number, y: number, r: number): void {
  pen.beginPath();
  pen.moveTo(x + r * 0.35, y - r);
  pen.lineTo(x - r * 0.3, y - r * 0.1);
  pen.lineTo(x + r * 0.3, y + r * 0.1);
  pen.lineTo(x - r * 0.35, y + r);
}

/** bars traces the two bars of a pause sign: frozen. */
export function bars(pen: Pen, x: number, y: number, r: number): void {
  pen.beginPath();
  pen.rect(x - r * 0.75, y - r, r * 0.5, 2 * r);
  pen.rect(x + r * 0.25, y - r, r * 0.5, 2 * r);
}

/** arrow traces an arrow head whose tip is at x, y, pointing along the angle. */
export function arrow(pen: Pen, x: number, y: number, angle: number, size: number): void {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x - size * Math.cos(angle - 0.42), y - size * Math.sin(angle - 0.42));
  pen.lineTo(x - size * Math.cos(angle + 0.42), y - size * Math.sin(angle + 0.42));
  pen.closePath();
}

/** The hatches, as strokes on a tile of 8: none, rising, falling, level, upright, crossed. */
const HATCHES: readonly (readonly (readonly [number, number, number, number])[])[] = [
  [],
  [[0, 8, 8, 0], [-2, 2, 2, -2], [6, 10, 10, 6]],
  [[0, 0, 8, 8], [-2, 6, 2, 10], [6, -2, 10, 2]],
  [[0, 4, 8, 4]],
  [[4, 0, 4, 8]],
  [[0, 8, 8, 0], [0, 0, 8, 8]],
];

/** Tiles drawn before, by hatch and colour: a picture has dozens of cells and is drawn often. */
const tiles = new Map<string, HTMLCanvasElement>();

/** hatchPattern makes a shard's hatch as a repeating pattern, or null for the plain one. */
export function hatchPattern(pen: Pen, hatch: number, colour: string): CanvasPattern | null {
  const strokes = HATCHES[hatch % HATCHES.length]!;
  if (strokes.length === 0) return null;
  const key = `${hatch} ${colour}`;
  let tile = tiles.get(key);
  if (!tile) tiles.set(key, tile = hatchTile(strokes, colour));
  return pen.createPattern(tile, "repeat");
}

function hatchTile(strokes: (typeof HATCHES)[number], colour: string): HTMLCanvasElement {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d")!;
  pen.strokeStyle = colour;
  pen.lineWidth = 1.2;
  pen.beginPath();
  for (const [x1, y1, x2, y2] of strokes) {
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  }
  pen.stroke();
  return tile;
}
