// Where everything stands in a lab without a cluster: who follows stands to the right of whom he was
// put behind, at whatever time he follows whom. So nobody moves when a replica is promoted. Sentinels
// stand around the others.

import type { NodeView } from "../core/wire.ts";
import type { Margins, Scene, Spot } from "./layout.ts";

/** A rectangle of the stage. */
interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const LARGEST = 0.13; // of the stage's shorter side
const REPLICA = 0.82; // of a master's radius
const SENTINEL = 0.072; // of the stage's shorter side
const ROW = 0.38; // of the height between two that stand below each other
const OPEN = 0.34; // of a row's height is free at the edge
const RINGS = 1.62;
const EDGE = 1.25; // radii from the edge to the first row
const STEP = 2.7; // radii from one column of a crowd to the next
const TOP = 0.3; // Sentinels at the sides stand between these parts of the height
const BOTTOM = 0.82;
const LONGEST = 1.15; // of the height: a master and its replica stand no farther apart
const COLUMNS = 60;

/** placeTree gives every node a spot; there are no cells, for there are no shards. */
export function placeTree(nodes: readonly NodeView[], width: number, height: number, { head, foot }: Margins = { head: 0, foot: 0 }): Scene {
  const tall = Math.max(0, height - head - foot);
  const spots = new Map<string, Spot>();
  const guards = nodes.filter((n) => n.role === "sentinel").sort(byPort);
  const beside = guards.length > 1 ? 0.2 : 0.06;
  const above = guards.length % 2 === 1 ? 0.27 : 0;
  const box = { left: beside * width, top: head + above * tall, width: (1 - 2 * beside) * width, height: (1 - above) * tall };
  plant(nodes.filter((n) => n.role !== "sentinel").sort(byPort), box, Math.min(width, tall), spots);
  post(guards, { left: 0, top: head, width, height: tall }, spots);
  return { width, height, cells: [], spots };
}

/** post lets Sentinels stand around: of an odd number the first at the top, the others at both sides. */
function post(guards: readonly NodeView[], box: Box, spots: Map<string, Spot>): void {
  const odd = guards.length % 2;
  const aside = (guards.length - odd) / 2;
  const r = Math.min(SENTINEL * Math.min(box.width, box.height), (ROW * (BOTTOM - TOP) * box.height) / Math.max(1, aside - 1));
  const margin = RINGS * r + 26; // the timers around it
  guards.forEach((guard, i) => {
    const line = Math.floor((i - odd) / 2);
    const part = aside > 1 ? TOP + ((BOTTOM - TOP) * line) / (aside - 1) : BOTTOM;
    const top = odd === 1 && i === 0;
    spots.set(guard.name, {
      x: top ? box.left + box.width / 2 : (i - odd) % 2 === 0 ? box.left + margin : box.left + box.width - margin,
      y: top ? box.top + margin : box.top + part * box.height, r, above: top,
    });
  });
}

const byPort = (a: NodeView, b: NodeView) => a.port - b.port;

/** plant draws the tree into a box, from left to right, a row for each node that has nobody behind it. */
function plant(nodes: readonly NodeView[], box: Box, short: number, spots: Map<string, Spot>): void {
  const { rows, depths, count, levels } = treeOf(nodes);
  const { r, columns } = sizeFor(count, levels, box, short);
  const crowd = (columns - 1) * STEP * r;
  const gap = levels > 1 ? Math.min(box.height * LONGEST, (box.width - crowd - 3 * r) / (levels - 1)) : 0;
  const left = box.left + (box.width - gap * (levels - 1) - crowd) / 2;
  const edge = Math.max((OPEN * box.height) / count, EDGE * r);
  for (const node of nodes) {
    const depth = depths.get(node.name)!;
    const row = rows.get(node.name)!;
    const shift = Number.isInteger(row) && depth === levels - 1 ? (row % columns) * STEP * r : 0;
    spots.set(node.name, {
      x: left + depth * gap + shift, y: box.top + edge + (count > 1 ? (row / (count - 1)) * (box.height - 2 * edge) : 0),
      r: node.role === "master" ? r : r * REPLICA, above: row < (count - 1) / 2,
    });
  }
}

/** sizeFor is the largest radius at which so many rows fit, and in how many columns a crowd then stands. */
function sizeFor(rows: number, levels: number, box: Box, short: number): { r: number; columns: number } {
  let best = { r: 0, columns: 1 };
  for (let columns = 1; columns <= COLUMNS; columns++) {
    const beside = box.width / (STEP * (columns + levels - 2) + 3);
    const r = Math.min(short * LARGEST, (ROW * columns * box.height) / (rows - 1 + 2 * EDGE * ROW * columns), beside);
    if (r > best.r * 1.01) best = { r, columns };
  }
  return best;
}

/** treeOf says in which row and at which depth everybody stands; a row between two is half a row. */
function treeOf(nodes: readonly NodeView[]) {
  const behind = new Map<string, NodeView[]>();
  const known = new Set<string>();
  const roots: NodeView[] = [];
  for (const node of nodes) {
    const parent = node.behind ?? node.master;
    if (known.has(parent)) behind.set(parent, [...(behind.get(parent) ?? []), node]);
    else roots.push(node);
    known.add(node.name);
  }
  const rows = new Map<string, number>();
  const depths = new Map<string, number>();
  let count = 0;
  const grow = (node: NodeView, depth: number): void => {
    const followers = behind.get(node.name) ?? [];
    depths.set(node.name, depth);
    for (const f of followers) grow(f, depth + 1);
    const first = rows.get(followers[0]?.name ?? "");
    const last = rows.get(followers.at(-1)?.name ?? "");
    rows.set(node.name, first === undefined ? count++ : (first + last!) / 2);
  };
  for (const root of roots) grow(root, 0);
  return { rows, depths, count: Math.max(1, count), levels: Math.max(1, ...[...depths.values()].map((d) => d + 1)) };
}
