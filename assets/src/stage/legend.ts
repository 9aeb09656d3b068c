// The stage's foot: what the marks of frames mean, and of how many frames one is shown.

import { el, say } from "../core/dom.ts";
import { count } from "../core/format.ts";
import { t } from "../core/words.ts";
import { lookOfKind } from "./kinds.ts";
import type { Palette } from "./palette.ts";
import { drawSprite } from "./sprites.ts";

/** Marks are drawn for the sharpest screen. */
const SHARP = 2;

/** Legend names the kinds of frame: the common ones, and the others once they were seen. */
export class Legend {
  private shown = "";

  constructor(private readonly list: Element) {}

  /** again lets the legend be drawn anew, in other colours. */
  again(): void {
    this.shown = "";
  }

  /** show names the kinds, if they are not named yet; the rarest come first, for those must not be cut off. */
  show(seen: ReadonlySet<number>, palette: Palette, common: readonly number[]): void {
    const rare = [...seen].filter((kind) => !common.includes(kind)).sort((a, b) => a - b);
    const kinds = [...rare, ...common];
    if (kinds.join() === this.shown) return;
    this.shown = kinds.join();
    this.list.replaceChildren(...kinds.map((kind) => {
      const look = lookOfKind(kind);
      return el("li", {}, drawSprite(palette, look, SHARP).image, t(look.name));
    }));
  }
}

/** tellRatio says that not all is shown, or that nothing is real, when it is so. */
export function tellRatio(place: Element, of: number, rehearsal: string | null): void {
  say(place, rehearsal ?? (of > 1 ? t("stage.sampled", { n: count(of) }) : ""));
}
