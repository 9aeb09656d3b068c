// How a line is told from the others: its shard's colour, its letter, and a pattern of dashes.
// A node keeps its pattern when its role changes, so that a line is known again after a failover.

import { COLOURS, letterOf, lookOf, rankOf } from "../core/shard.ts";
import { lookOfKind } from "../stage/kinds.ts";
import { readPalette, type Palette } from "../stage/palette.ts";
import type { NodeView } from "../core/wire.ts";

/** What a line looks like. label is written at its end; letter is empty for a kind of packet. */
export interface LineLook {
  label: string;
  letter: string;
  role: NodeView["role"] | "";
  shard: number | null;
  stroke: string;
  fill: string;
  dash: number[];
  down: boolean;
}

/** Style is the page's tokens with the colours for thin lines, which paper needs darker. */
export interface Style extends Palette {
  lines: string[];
  small: number; // the size of numbers and names in a chart; a projector has nothing smaller than its text
}

/** The patterns of a shard's nodes in order; where colours repeat, the next patterns are taken. */
const PATTERNS: readonly (readonly number[])[] = [[], [6, 4], [2, 3], [10, 3, 2, 3], [14, 4], [4, 2], [10, 3, 2, 3, 2, 3]];
const KINDS: readonly (readonly number[])[] = [[], [6, 4], [2, 3], [10, 3, 2, 3], [14, 3], [4, 2]];

/** readStyle resolves the tokens against the page as it is now. */
export function readStyle(): Style {
  const probe = document.createElement("span");
  document.body.append(probe);
  const lines = Array.from({ length: COLOURS }, (_, i) => {
    probe.style.color = `var(--line-${i})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  const palette = readPalette();
  return { ...palette, lines, small: palette.stroke > 1 ? palette.text : palette.text * 0.87 };
}

/** lookOfNode is the look of a node's line; a node that is gone is drawn faint. */
export function lookOfNode(style: Style, name: string, nodes: readonly NodeView[]): LineLook {
  const node = nodes.find((n) => n.name === name);
  if (!node?.shard) return { label: name, letter: "–", role: "", shard: null, stroke: style.token.faint, fill: style.token.faint, dash: [2, 3], down: !node };
  const { colour } = lookOf(node.shard);
  const round = Math.floor(rankOf(node.shard) / COLOURS);
  const place = nodes.filter((n) => n.shard === node.shard).indexOf(node);
  const dashes = PATTERNS[(place + 4 * round) % PATTERNS.length]!;
  return {
    label: name, letter: letterOf(node), role: node.role, shard: colour,
    stroke: style.lines[colour]!, fill: style.shards[colour]!, dash: dashes.map((d) => d * style.stroke),
    down: node.state !== "up",
  };
}

/** lookOfType is the look of the line of a kind of packet, by its place among the types. */
export function lookOfType(style: Style, name: string, types: readonly string[]): LineLook {
  const at = types.indexOf(name);
  const stroke = style.token[lookOfKind(at).colour];
  const dash = KINDS[Math.max(0, at) % KINDS.length]!.map((d) => d * style.stroke);
  return { label: name.toUpperCase(), letter: "", role: "", shard: null, stroke, fill: stroke, dash, down: false };
}
