// What the still picture shows: plain data, made by the stage and read by those who draw.

import type { Verdict } from "../core/verdict.ts";
import type { NodeView, Rule, Topology } from "../core/wire.ts";
import type { Scene } from "./layout.ts";
import type { Detail } from "./lod.ts";
import type { Palette } from "./palette.ts";

/** Everything the still picture shows. */
export interface Picture {
  scene: Scene;
  nodes: readonly NodeView[];
  verdicts: ReadonlyMap<string, Verdict>;
  rules: readonly Rule[];
  selected: string | null;
  focused: readonly string[];
  picked: readonly string[];
  viewAs: NodeView | null;
  kind: Topology;
  target: string; // whose address the built-in clients use, where they use one
  detail: Detail;
  palette: Palette;
}
