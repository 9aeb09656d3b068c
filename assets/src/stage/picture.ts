// What the still picture shows: plain data, made by the stage and read by those who draw.

import type { Verdict } from "../core/verdict.ts";
import type { NodeView, Rule } from "../core/wire.ts";
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
  detail: Detail;
  palette: Palette;
}
