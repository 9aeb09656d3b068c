// Walking the stage by keys: from node to node, around the links of one node, and from one held frame
// to the next. What the keyboard is on shows the same menu as what the pointer is on.

import { computed, effect, signal } from "@preact/signals-core";
import { frameOf, itemsFor, type Subject } from "../core/actions.ts";
import { desk } from "../core/desk.ts";
import type { HeldFrame } from "../core/wire.ts";
import { t } from "../core/words.ts";
import type { Scene } from "./layout.ts";
import { ruleText } from "./links.ts";

/** What the arrow keys walk among. */
export type Among = "nodes" | "links" | "frames";

/** What a walk says of the thing it is on: who it is, in a list of how many. */
export interface Stop {
  id: string;
  text: string;
}

/** around lists the other nodes as they stand around one, clockwise from the top. */
export function around(scene: Scene, name: string): string[] {
  const middle = scene.spots.get(name);
  if (!middle) return [];
  const turn = (other: string) => {
    const { x, y } = scene.spots.get(other)!;
    return (Math.atan2(x - middle.x, middle.y - y) + 2 * Math.PI) % (2 * Math.PI);
  };
  return [...scene.spots.keys()].filter((other) => other !== name).sort((a, b) => turn(a) - turn(b));
}

/** beside is the item so many places on in a ring; from one that is not in it, the first. */
export function beside<T>(ring: readonly T[], item: T, by: number): T | undefined {
  const at = ring.indexOf(item);
  return at < 0 ? ring[0] : ring[(at + by + ring.length) % ring.length];
}

/** inOrder sorts held frames by where they are, so that those of one link follow each other. */
export function inOrder(held: readonly HeldFrame[]): HeldFrame[] {
  return [...held].sort((a, b) => (a.from + a.to < b.from + b.to ? -1 : a.from + a.to > b.from + b.to ? 1 : a.id - b.id));
}

/** neighbourOf is the held frame so many places on from one, or from where that one was before it went. */
export function neighbourOf(held: readonly HeldFrame[], was: HeldFrame, by: number): HeldFrame | null {
  const all = inOrder(held);
  const at = all.findIndex((f) => f.id === was.id);
  if (at >= 0) return all[(at + by + all.length) % all.length]!;
  return all[inOrder([...all, was]).indexOf(was)] ?? all.at(-1) ?? null;
}

/** Walk knows which link or held frame the keyboard is on; among nodes that is the chosen node. */
export class Walk {
  private readonly link = signal<{ from: string; to: string } | null>(null);
  private readonly frame = signal<HeldFrame | null>(null);

  constructor(private readonly scene: () => Scene) {
    effect(() => this.keep(desk.store.held.value, desk.store.nodes.value.map((n) => n.name)));
  }

  /** among is what the arrow keys walk now. */
  readonly among = computed<Among>(() => (this.frame.value ? "frames" : this.link.value ? "links" : "nodes"));

  /** subject is the link or the frame under the keyboard, or null while it walks the nodes. */
  readonly subject = computed<Subject | null>(() => {
    switch (this.among.value) {
      case "links":
        return { kind: "link", ...this.link.value! };
      case "frames":
        return { kind: "frame", frame: frameOf(this.frame.value!, desk.store.nodes.value) };
      default:
        return null;
    }
  });

  /** stop tells in words what the keyboard is on. */
  stop(): Stop | null {
    const subject = this.subject.value;
    if (subject?.kind === "link") return this.linkStop(subject.from, subject.to);
    if (subject?.kind !== "frame") return null;
    const f = this.frame.value!;
    const all = inOrder(desk.store.held.value);
    return { id: `frame-${f.id}`, text: t("walk.frame", { type: f.type, from: f.from, to: f.to, at: all.findIndex((other) => other.id === f.id) + 1, of: all.length }) };
  }

  /** turn goes on from nodes to links, from links to held frames, and from these to nodes. */
  turn(): void {
    const [first] = inOrder(desk.store.held.peek());
    const before = this.among.peek();
    this.leave();
    if (before === "nodes" && this.toLinks()) return;
    if (before !== "frames" && first) this.frame.value = first;
  }

  /** leave goes back to the nodes, and reports whether it was elsewhere. */
  leave(): boolean {
    const away = this.among.peek() !== "nodes";
    this.link.value = this.frame.value = null;
    return away;
  }

  /** step follows an arrow key; among nodes it is not asked. Up and down go to a link's other end. */
  step(dx: number, dy: number): void {
    const [link, frame] = [this.link.peek(), this.frame.peek()];
    if (frame) this.frame.value = neighbourOf(desk.store.held.peek(), frame, dx + dy);
    else if (link && dx !== 0) this.link.value = { from: link.from, to: beside(around(this.scene(), link.from), link.to, dx) ?? link.to };
    else if (link) {
      this.link.value = { from: link.to, to: link.from };
      desk.selected.value = link.to;
    }
  }

  /** press does what a key stands for in the menu of the thing, without opening it. */
  press(key: string): boolean {
    const subject = this.subject.peek();
    if (!subject || key.length > 1) return false;
    const item = itemsFor(subject, desk.live.nodes.peek(), desk.live.held.peek().map((f) => f.id)).find((i) => i.key.toLowerCase() === key.toLowerCase());
    if (!item || item.look) return false;
    void desk.runAll(item.runs);
    return true;
  }

  private toLinks(): boolean {
    const from = desk.selected.peek() ?? this.scene().spots.keys().next().value;
    const to = from === undefined ? undefined : around(this.scene(), from)[0];
    if (from === undefined || to === undefined) return false;
    desk.selected.value = from;
    this.link.value = { from, to };
    return true;
  }

  /** keep stays on what is still there; a frame that is gone leaves its place to the next. */
  private keep(held: readonly HeldFrame[], names: readonly string[]): void {
    const [link, frame] = [this.link.peek(), this.frame.peek()];
    if (frame) this.frame.value = neighbourOf(held, frame, 0);
    if (link && !(names.includes(link.from) && names.includes(link.to))) this.link.value = null;
  }

  private linkStop(from: string, to: string): Stop {
    const all = around(this.scene(), from);
    const rules = desk.store.rules.value.filter((r) => (r.from === from && r.to === to) || (r.from === to && r.to === from));
    const state = rules.map((r) => `${r.from} → ${r.to}: ${ruleText(r)}`).join("; ") || t("rule.whole");
    return { id: `link-${from}-${to}`, text: t("walk.link", { from, to, state, at: all.indexOf(to) + 1, of: all.length }) };
  }
}
