// The hand on the stage: wheel and two fingers zoom, a drag moves the picture when there is more of
// it than the stage shows, and draws a lasso otherwise. A finger that stays asks for the menu.

/** A point of the stage, in pixels. */
export interface Point {
  x: number;
  y: number;
}

/** What a hand can do; the stage does it. */
export interface Doing {
  near(): boolean; // whether there is more picture than the stage shows
  zoom(factor: number, at: Point): void;
  pan(dx: number, dy: number): void;
  lasso(points: readonly Point[], done: boolean): void;
  menu(at: Point, event: PointerEvent): void;
}

/** A pointer that moved less, in pixels, has clicked. */
const STILL = 5;

/** A finger that stays so long, in milliseconds, asks for the menu. */
const LONG = 550;

/** How much one pixel of the wheel zooms, and one of a touchpad's pinch, which moves less. */
const WHEEL = 0.0015;
const PINCH = 0.01;

/** Hand turns pointer events into doings. */
export class Hand {
  private readonly down = new Map<number, Point>();
  private start: Point = { x: 0, y: 0 };
  private drag: "none" | "pan" | "lasso" = "none";
  private points: Point[] = [];
  private wait = 0;
  private moved = false;

  constructor(private readonly place: HTMLElement, private readonly doing: Doing) {
    place.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    place.addEventListener("pointerdown", (event) => this.press(event));
    place.addEventListener("pointermove", (event) => this.move(event));
    place.addEventListener("pointerup", (event) => this.lift(event, true));
    place.addEventListener("pointercancel", (event) => this.lift(event, false));
  }

  /** clicked reports whether the click that follows a press is meant: a drag also ends in one. */
  clicked(): boolean {
    const meant = !this.moved;
    this.moved = false;
    return meant;
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    this.doing.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? PINCH : WHEEL)), this.at(event));
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.down.set(event.pointerId, this.at(event));
    clearTimeout(this.wait);
    if (this.down.size > 1) return this.end(false);
    this.start = this.at(event);
    this.moved = false;
    if (event.pointerType === "touch") this.wait = window.setTimeout(() => this.stay(event), LONG);
  }

  /** stay opens the menu under a finger; the lifting of it is then no click. */
  private stay(event: PointerEvent): void {
    this.moved = true;
    this.doing.menu(this.start, event);
  }

  private move(event: PointerEvent): void {
    const before = this.down.get(event.pointerId);
    if (!before) return;
    const now = this.at(event);
    if (this.down.size === 2) this.pinch(event.pointerId, before, now);
    else if (this.drag !== "none" || distance(this.start, now) > STILL) this.pull(event, before, now);
    this.down.set(event.pointerId, now);
  }

  private pull(event: PointerEvent, before: Point, now: Point): void {
    clearTimeout(this.wait);
    if (this.drag === "none") {
      this.place.setPointerCapture(event.pointerId);
      this.drag = this.doing.near() && !event.shiftKey ? "pan" : "lasso";
      this.points = [this.start];
      this.moved = true;
    }
    if (this.drag === "pan") return this.doing.pan(now.x - before.x, now.y - before.y);
    this.points.push(now);
    this.doing.lasso(this.points, false);
  }

  private pinch(id: number, before: Point, now: Point): void {
    const other = [...this.down].find(([key]) => key !== id)![1];
    this.moved = true;
    this.doing.zoom(distance(other, now) / Math.max(1, distance(other, before)), { x: (other.x + now.x) / 2, y: (other.y + now.y) / 2 });
    this.doing.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
  }

  private lift(event: PointerEvent, done: boolean): void {
    clearTimeout(this.wait);
    if (!this.down.delete(event.pointerId)) return;
    this.end(done);
  }

  private end(done: boolean): void {
    if (this.drag === "lasso") this.doing.lasso(done ? this.points : [], true);
    this.drag = "none";
    this.points = [];
  }

  private at(event: MouseEvent): Point {
    const box = this.place.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
