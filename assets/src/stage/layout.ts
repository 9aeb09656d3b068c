// Where everything stands. place is a pure function of names, shards and the stage's size. A role
// makes a node larger or smaller but never moves it, so the class can learn that 7001 is at the right.

import { shardsOf } from "../core/shard.ts";
import type { NodeView } from "../core/wire.ts";

/** A node's place and the radius of its shape. */
export interface Spot {
  x: number;
  y: number;
  r: number;
  above?: boolean; // its name stands above it: below it there is no room
}

/** What the stage keeps free for words, in pixels, above and below all shapes. */
export interface Margins {
  head: number;
  foot: number;
}

/** A shard's cell: its middle, the orbit its replicas ride on, and its whole radius. */
export interface Cell extends Spot {
  shard: string;
  orbit: number;
}

/** The whole picture's geometry. */
export interface Scene {
  width: number;
  height: number;
  cells: Cell[];
  spots: Map<string, Spot>;
}

/** Up to this many shards stand on a ring; more stand in a grid of hexagons. */
export const RING_LIMIT = 12;

const OVAL_FROM = 5; // fewer shards stand as a line, a triangle, a square
const FLATTEST = 3.4; // an oval is at most so many times as wide as it is tall
const STEPS = 720; // an oval's length is measured in so many straight pieces
const PAD = 16; // pixels kept free at the stage's edge
const LARGEST_CELL = 0.46; // of the stage's shorter side
const ASIDE = 0.34; // of the cell's radius: the line between two masters passes beside a third
const ORBIT = 0.74; // of the cell's radius
const MASTER = 0.27; // of the cell's radius
const REPLICA = 0.22; // of the cell's radius
const CIRCLE = 0.66; // of the cell's radius: where nodes stand that are in no shard yet
const ELBOW = 2.2; // half the circle's part of a node of such a circle: it touches no neighbour
const ROOMY = 5; // replicas of this size find room on an orbit; more are smaller

/** Where replicas sit on the orbit, as angles from the outward direction: adding one moves none. */
const SEATS = [42, -42, 105, -105, 165, 0, 75, -75, 135, -135].map((degrees) => (degrees * Math.PI) / 180);

/** place gives every shard a cell and every node a spot. */
export function place(nodes: readonly NodeView[], width: number, height: number, { head, foot }: Margins = { head: 0, foot: 0 }): Scene {
  const shards = shardsOf([...nodes]);
  const names = [...shards.keys()];
  const tall = Math.max(0, height - head - foot);
  const round = names.length <= RING_LIMIT;
  const cells = round ? ring(names, width, tall) : grid(names, width, tall);
  const spots = new Map<string, Spot>();
  for (const cell of cells) {
    const outward = round ? Math.atan2(cell.y - tall / 2, cell.x - width / 2 || 0.001) : -Math.PI / 2;
    cell.y += head;
    const members = [...(shards.get(cell.shard) ?? [])].sort((a, b) => a.port - b.port);
    if (cell.shard === "" && members.length > 1) gather(cell, members, spots);
    else seat(cell, members, outward, spots);
  }
  return { width, height, cells, spots };
}

/**
 * seat puts the oldest member into the middle and the others on the orbit. Names stand on the side
 * that has no neighbour: the middle's away from the seats, a replica's away from the middle.
 */
function seat(cell: Cell, members: NodeView[], outward: number, spots: Map<string, Spot>): void {
  const crowd = Math.min(1, ROOMY / Math.max(1, members.length - 1));
  const under = Math.sin(outward + SEATS[0]!) * cell.orbit > cell.r * 0.3; // the first replica sits below the middle
  members.forEach((node, i) => {
    const turn = members.length - 1 > SEATS.length ? (i * 2 * Math.PI) / (members.length - 1) : SEATS[i - 1] ?? 0;
    const away = i === 0 ? 0 : cell.orbit;
    const y = Math.sin(outward + turn) * away;
    spots.set(node.name, {
      x: cell.x + Math.cos(outward + turn) * away,
      y: cell.y + y,
      r: cell.r * (node.role === "master" ? MASTER : REPLICA) * (i === 0 ? 1 : crowd),
      above: i === 0 ? under : y < -cell.r * 0.3,
    });
  });
}

/** gather puts nodes that are in no shard yet into a circle: nobody is in the middle before there are masters. */
function gather(cell: Cell, members: NodeView[], spots: Map<string, Spot>): void {
  const r = cell.r * Math.min(MASTER * 0.85, (CIRCLE * ELBOW) / members.length);
  members.forEach((node, i) => {
    const turn = -Math.PI / 2 + (i * 2 * Math.PI) / members.length;
    const y = Math.sin(turn) * cell.r * CIRCLE;
    spots.set(node.name, { x: cell.x + Math.cos(turn) * cell.r * CIRCLE, y: cell.y + y, r, above: y < -1 });
  });
}

/** ring puts cells on a circle that is stretched to the stage; A is at the top. */
function ring(names: string[], width: number, height: number): Cell[] {
  const n = names.length;
  const start = n === 2 ? Math.PI : n === 4 ? -0.75 * Math.PI : -Math.PI / 2;
  const unit = names.map((_, i) => {
    const turn = start + (i * 2 * Math.PI) / n;
    return { x: Math.cos(turn), y: Math.sin(turn) };
  });
  for (let r = Math.min(width, height) * LARGEST_CELL; ; r *= 0.96) {
    const points = n < OVAL_FROM ? fit(unit, r, width, height) : oval(n, r, width, height);
    if (r < 12 || (nearest(points) >= 2 * r && (n >= OVAL_FROM || clear(points) >= ASIDE * r))) return points.map((p, i) => cell(names[i]!, p, r));
  }
}

/** oval spreads n points evenly along an ellipse as wide as the stage, the first at the top. */
function oval(n: number, r: number, width: number, height: number): { x: number; y: number }[] {
  const tall = Math.max(0, height / 2 - r - PAD);
  const wide = Math.min(Math.max(0, width / 2 - r - PAD), Math.max(tall, r) * FLATTEST);
  const at = (step: number) => {
    const turn = -Math.PI / 2 + (step * 2 * Math.PI) / STEPS;
    return { x: width / 2 + Math.cos(turn) * wide, y: height / 2 + Math.sin(turn) * tall };
  };
  const lengths = [0];
  for (let step = 1; step <= STEPS; step++) {
    const [a, b] = [at(step - 1), at(step)];
    lengths.push(lengths[step - 1]! + Math.hypot(a.x - b.x, a.y - b.y));
  }
  return Array.from({ length: n }, (_, i) => at(lengths.findIndex((l) => l >= (lengths[STEPS]! * i) / n)));
}

/** fit stretches unit points into the stage so that cells of radius r just fit. */
function fit(unit: { x: number; y: number }[], r: number, width: number, height: number) {
  const axis = (pick: (p: { x: number; y: number }) => number, size: number, cap: number) => {
    const values = unit.map(pick);
    const low = Math.min(...values);
    const span = Math.max(...values) - low;
    const room = Math.max(0, size - 2 * r - 2 * PAD);
    const used = span < 0.01 ? 0 : Math.min(room, cap);
    const from = (size - used) / 2;
    return (p: { x: number; y: number }) => from + (span < 0.01 ? 0 : ((pick(p) - low) / span) * used);
  };
  const toY = axis((p) => p.y, height, Infinity);
  const toX = axis((p) => p.x, width, Math.max(height * 1.25, 5 * r));
  return unit.map((p) => ({ x: toX(p), y: toY(p) }));
}

/** clear is how near a point comes to the straight line between two others. */
function clear(points: { x: number; y: number }[]): number {
  let least = Infinity;
  for (const a of points) for (const b of points) for (const p of points) {
    if (a === b || p === a || p === b) continue;
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const along = ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy);
    if (along > 0 && along < 1) least = Math.min(least, Math.abs((p.x - a.x) * dy - (p.y - a.y) * dx) / Math.hypot(dx, dy));
  }
  return least;
}

function nearest(points: { x: number; y: number }[]): number {
  let least = Infinity;
  points.forEach((p, i) => {
    for (const q of points.slice(i + 1)) least = Math.min(least, Math.hypot(p.x - q.x, p.y - q.y));
  });
  return least;
}

/** grid packs cells like honeycomb, row by row. */
function grid(names: string[], width: number, height: number): Cell[] {
  let best = { r: 0, columns: 1 };
  for (let columns = 1; columns <= names.length; columns++) {
    const lines = Math.ceil(names.length / columns);
    const r = Math.min((width - 2 * PAD) / (2 * columns + 1), (height - 2 * PAD) / (2 + (lines - 1) * Math.sqrt(3)));
    if (r > best.r) best = { r, columns };
  }
  const { r, columns } = best;
  const lines = Math.ceil(names.length / columns);
  const top = (height - (2 * r + (lines - 1) * r * Math.sqrt(3))) / 2 + r;
  const left = (width - (2 * columns + 1) * r) / 2 + r;
  return names.map((name, i) => {
    const line = Math.floor(i / columns);
    const x = left + (i % columns) * 2 * r + (line % 2) * r;
    return cell(name, { x, y: top + line * r * Math.sqrt(3) }, r * 0.96);
  });
}

function cell(shard: string, p: { x: number; y: number }, r: number): Cell {
  return { shard, x: p.x, y: p.y, r, orbit: r * ORBIT };
}

/** between is the scene a part of the way from one to another, for a move that takes time. */
export function between(from: Scene, to: Scene, part: number): Scene {
  if (part >= 1) return to;
  const ease = 1 - (1 - part) ** 3;
  const total = to.cells.length + to.spots.size;
  let fresh = 0; // what is new grows, one after the other
  const mix = <T extends Spot>(a: Spot | undefined, b: T): T => (a ? {
    ...b, x: a.x + (b.x - a.x) * ease, y: a.y + (b.y - a.y) * ease, r: a.r + (b.r - a.r) * ease,
  } : { ...b, r: b.r * grown(part, fresh++ / total) });
  return {
    ...to,
    cells: to.cells.map((c) => {
      const moved = mix(from.cells.find((o) => o.shard === c.shard), c);
      return { ...moved, orbit: moved.r * ORBIT };
    }),
    spots: new Map([...to.spots].map(([name, spot]) => [name, mix(from.spots.get(name), spot)])),
  };
}

/** grown is how large a thing is whose turn comes at a part of the whole move: each takes two fifths of it. */
function grown(part: number, turn: number): number {
  const own = Math.min(1, Math.max(0, (part - 0.6 * turn) / 0.4));
  return 1 - (1 - own) ** 3;
}

/** sameScene reports whether two scenes put everything in the same place. */
export function sameScene(a: Scene, b: Scene): boolean {
  if (a.spots.size !== b.spots.size || a.width !== b.width || a.height !== b.height) return false;
  for (const [name, s] of a.spots) {
    const t = b.spots.get(name);
    if (!t || t.x !== s.x || t.y !== s.y || t.r !== s.r) return false;
  }
  return true;
}

/** hit finds the node under a point. A finger's width counts, also around small nodes. */
export function hit(scene: Scene, x: number, y: number, slack = 6): string | null {
  let best: string | null = null;
  let least = Infinity;
  for (const [name, spot] of scene.spots) {
    const distance = Math.hypot(spot.x - x, spot.y - y);
    if (distance <= Math.max(spot.r + slack, 12) && distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

/** walk finds the nearest node in a direction, for the arrow keys. */
export function walk(scene: Scene, from: string | null, dx: number, dy: number): string | null {
  const start = from === null ? undefined : scene.spots.get(from);
  if (!start) return scene.spots.keys().next().value ?? null;
  let best = from;
  let least = Infinity;
  for (const [name, spot] of scene.spots) {
    const along = (spot.x - start.x) * dx + (spot.y - start.y) * dy;
    const across = Math.abs((spot.x - start.x) * dy - (spot.y - start.y) * dx);
    if (along <= 1 || name === from) continue;
    const cost = along + 2 * across;
    if (cost < least) {
      least = cost;
      best = name;
    }
  }
  return best;
}
