// What a pointer, or a key that stands for one, means on the stage: it chooses nodes, gathers them, and
// opens the menu of what it is on.

import type { Subject } from "../core/actions.ts";
import { desk } from "../core/desk.ts";
import type { Frame } from "../core/frames.ts";
import { subjectAt, type Lit } from "./aim.ts";
import type { Point } from "./hand.ts";
import { enclosed } from "./lasso.ts";
import type { Scene } from "./layout.ts";
import { along, pathBetween } from "./links.ts";
import type { Walk } from "./walk.ts";

/** Sight is what is where on the stage. */
export interface Sight {
  place: HTMLElement;
  scene(): Scene;
  frameAt(at: Point): Frame | null;
  whereIs(frame: Frame): Point | null;
}

/** Pointing knows where the pointer is and what is under it. */
export class Pointing {
  line: readonly Point[] = []; // the lasso, while it is drawn
  private pointer: Point | null = null;
  private over: Subject | null = null;

  constructor(private readonly sight: Sight, private readonly walk: Walk) {}

  /** choose is a click: it selects a node, or with Shift one more, and opens the menu of a link. */
  choose(event: MouseEvent): void {
    this.walk.leave();
    const box = this.sight.place.getBoundingClientRect();
    const subject = subjectAt(this.sight.scene(), { x: event.clientX - box.left, y: event.clientY - box.top }, () => null);
    if (subject.kind === "link") return desk.menu.tell({ subject, x: event.clientX, y: event.clientY });
    const node = subject.kind === "node" ? subject.node : null;
    if (event.shiftKey && node) return this.pick(node);
    desk.selected.value = node;
    desk.picked.value = [];
    const projected = document.documentElement.dataset.mode === "projector";
    if (node && !projected) desk.show.tell("node");
  }

  /** pick adds a node to those chosen together, or takes it out. */
  pick(node: string): void {
    const picked = desk.picked.peek();
    desk.picked.value = picked.includes(node) ? picked.filter((n) => n !== node) : [...picked, node];
  }

  /** menu opens for what is at a point; the context-menu key means what the keyboard is on. */
  menu(at: Point, event: MouseEvent): void {
    const byKey = event.button !== 2 && !(event instanceof PointerEvent && event.pointerType === "touch");
    if (byKey && (this.walk.subject.peek() || desk.selected.peek())) return this.open();
    const subject = subjectAt(this.sight.scene(), at, () => this.sight.frameAt(at));
    const picked = desk.picked.peek();
    const together = subject.kind === "node" && picked.length > 1 && picked.includes(subject.node);
    if (subject.kind === "node" && !together) desk.selected.value = subject.node;
    this.offer(together ? { kind: "nodes", nodes: picked } : subject, at);
  }

  /** open opens the menu of what the keyboard is on: a link, a held frame, chosen nodes, or the whole stage. */
  open(): void {
    const picked = desk.picked.peek();
    const selected = desk.selected.peek();
    const subject: Subject = this.walk.subject.peek() ?? (picked.length > 1 ? { kind: "nodes", nodes: picked }
      : selected !== null ? { kind: "node", node: selected } : { kind: "stage" });
    this.offer(subject, this.placeOf(subject));
  }

  /** point follows the pointer, or learns that it has left. */
  point(event: PointerEvent | null): void {
    this.pointer = event ? { x: event.offsetX, y: event.offsetY } : null;
    this.over = this.pointer && event?.buttons === 0 ? subjectAt(this.sight.scene(), this.pointer, () => null) : null;
    this.sight.place.classList.toggle("over", this.over?.kind === "node" || this.over?.kind === "link");
  }

  /** lasso gathers the nodes that a line goes around. */
  lasso(points: readonly Point[], done: boolean): void {
    this.line = done ? [] : points;
    if (!done) return;
    const nodes = enclosed(this.sight.scene(), points);
    desk.picked.value = nodes.length > 1 ? nodes : [];
    if (nodes.length === 1) desk.selected.value = nodes[0]!;
    const last = points.at(-1);
    if (nodes.length > 1 && last) this.offer({ kind: "nodes", nodes }, last);
  }

  /** lit is what shall be lit up now. */
  lit(): Lit {
    const walked = this.walk.subject.peek();
    return { at: this.pointer, over: this.over, walked, stop: this.stopAt(walked) };
  }

  private offer(subject: Subject, { x, y }: Point): void {
    const box = this.sight.place.getBoundingClientRect();
    desk.menu.tell({ subject, x: box.left + x, y: box.top + y });
  }

  private placeOf(subject: Subject): Point {
    const { spots, width, height } = this.sight.scene();
    const name = subject.kind === "node" ? subject.node : subject.kind === "nodes" ? subject.nodes.at(-1)! : "";
    const spot = spots.get(name);
    return spot ? { x: spot.x + spot.r, y: spot.y } : this.stopAt(subject) ?? { x: width / 2, y: height / 2 };
  }

  /** stopAt is where the keyboard's ring stands on a link or a frame. */
  private stopAt(subject: Subject | null): Point | null {
    if (subject?.kind === "frame") return this.sight.whereIs(subject.frame);
    if (subject?.kind !== "link") return null;
    const { spots } = this.sight.scene();
    const [a, b] = [spots.get(subject.from), spots.get(subject.to)];
    return a && b ? along(pathBetween(a, b, 0), 0.5) : null;
  }
}
