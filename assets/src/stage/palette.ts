// The tokens of css/base.css as colours a canvas understands, in the theme of the moment.

import { historyColour } from "../core/history.ts";
import { COLOURS, lookOf } from "../core/shard.ts";
import type { NodeView } from "../core/wire.ts";

const NAMES = [
  "ground", "surface", "raised", "line", "ink", "muted", "faint", "focus", "ok", "warn", "fail", "fail-text",
  "on-colour", "outline", "frame-ping", "frame-pong", "frame-meet", "frame-fail", "frame-ask", "frame-vote",
  "frame-update", "frame-publish", "frame-stream",
] as const;

/** A token's name without its dashes in front. */
export type Token = (typeof NAMES)[number];

/** Palette is the resolved tokens, plus what depends on the mode: stroke width and text size. */
export interface Palette {
  token: Record<Token, string>;
  shards: string[];
  stroke: number;
  text: number;
  sans: string;
  mono: string;
}

/** readPalette resolves every token against the page as it is now. */
export function readPalette(): Palette {
  const probe = document.createElement("span");
  document.body.append(probe);
  const resolve = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const root = getComputedStyle(document.documentElement);
  const projector = document.documentElement.dataset.mode === "projector";
  const palette: Palette = {
    token: Object.fromEntries(NAMES.map((n) => [n, resolve(n)])) as Record<Token, string>,
    shards: Array.from({ length: COLOURS }, (_, i) => resolve(`shard-${i}`)),
    stroke: projector ? 2 : 1,
    text: projector ? 22 : 13,
    sans: root.getPropertyValue("--sans"),
    mono: root.getPropertyValue("--mono"),
  };
  probe.remove();
  return palette;
}

/** shardColour is the colour of a shard; one without a name is faint. */
export function shardColour(palette: Palette, shard: string): string {
  return shard ? palette.shards[lookOf(shard).colour]! : palette.token.faint;
}

/** nodeColour is the colour of a node: its shard's; where there are no shards, its history's. */
export function nodeColour(palette: Palette, node: NodeView): string {
  if (node.role === "sentinel") return palette.token.ink;
  return node.stream ? palette.shards[historyColour(node.replid)]! : shardColour(palette, node.shard);
}
