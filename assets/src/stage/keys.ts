// The keyboard on the stage: what a key does there, besides what it does on the whole page.

import { desk } from "../core/desk.ts";
import { walk, type Scene } from "./layout.ts";
import type { Walk } from "./walk.ts";

/** What keys can do; the stage does it. */
export interface Doing {
  scene(): Scene;
  pan(dx: number, dy: number): void;
  reveal(name: string): void;
  pick(name: string): void;
  open(): void;
}

/** One key press moves the picture so many pixels. */
const PAN = 80;

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

/** Keys that act on the chosen node. On a link or a frame they would hit what nobody looks at. */
const NODE_KEYS = /^([krpfi]|Delete)$/i;

/** Keys turns keys into doings. */
export class Keys {
  constructor(private readonly walk: Walk, private readonly doing: Doing) {}

  /** press takes a key; what it has used, the page does not use again. */
  press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = ARROWS[event.key];
    const away = this.walk.among.peek() !== "nodes";
    if (direction && event.shiftKey) this.doing.pan(-direction[0] * PAN, -direction[1] * PAN);
    else if (direction) this.step(...direction);
    else if (event.key === "Enter") this.enter(event.shiftKey, away);
    else if (event.key === "Escape" && away) this.walk.leave();
    else if (!this.walk.press(event.key) && !(away && NODE_KEYS.test(event.key))) return;
    event.preventDefault();
  }

  private step(dx: number, dy: number): void {
    if (this.walk.among.peek() !== "nodes") this.walk.step(dx, dy);
    else desk.selected.value = walk(this.doing.scene(), desk.selected.peek(), dx, dy);
    if (desk.selected.peek()) this.doing.reveal(desk.selected.peek()!);
  }

  /** enter does what a click does: a node is inspected, of anything else the menu opens. */
  private enter(together: boolean, away: boolean): void {
    const selected = desk.selected.peek();
    if (away) this.doing.open();
    else if (selected && together) this.doing.pick(selected);
    else if (selected) desk.show.tell("node");
  }
}
