// <time-line>: the recorded session from its beginning to now, with the moment that is shown.

import { effect } from "@preact/signals-core";
import { recorded } from "../core/api.ts";
import { desk } from "../core/desk.ts";
import { calmly, ref, say, set } from "../core/dom.ts";
import { bytes, clockTime } from "../core/format.ts";
import type { Span } from "../core/wire.ts";
import { t } from "../core/words.ts";
import { readPalette, type Palette } from "../stage/palette.ts";
import { behind, follow, pan, reveal, tAt, xOf, zoom, type View } from "./axis.ts";
import { director } from "./director.ts";
import { clusters, neighbour, plant, type Cluster, type Flag } from "./flags.ts";
import { paintLine, radius } from "./paint.ts";

/** How much is in view at first, in milliseconds. */
const FIRST_VIEW = 120_000;

/** More flags are not kept. */
const MOST = 3000;

/** A calm line is painted this often, in milliseconds; a moving picture paints for every refresh. */
const CALM = 100;

/** How often the page asks how much is recorded, in milliseconds. */
const ASK = 5000;

/** So near the right edge counts as the present, in pixels. */
const EDGE = 6;

/** TimeLine owns the view; the moment shown is the desk's. */
export class TimeLine extends HTMLElement {
  private pen!: CanvasRenderingContext2D;
  private palette!: Palette;
  private track!: HTMLElement;
  private span: Span | null = null;
  private flags: readonly Flag[] = [];
  private shown: Cluster[] = [];
  private view: View = { from: 0, to: 1 };
  private length = FIRST_VIEW;
  private following = true;
  private hover: number | null = null;
  private painted = 0;

  connectedCallback(): void {
    this.pen = ref<HTMLCanvasElement>(this, "canvas").getContext("2d")!;
    this.track = ref(this, "track");
    this.restyle();
    this.watchPage();
    this.watchLab();
    this.listen();
    setInterval(() => void this.ask(), ASK);
    requestAnimationFrame((now) => this.frame(now));
  }

  /** step goes to the flag before or after the moment shown; after the last comes the present. */
  step(direction: 1 | -1): void {
    const from = desk.past.head.peek() ?? desk.present();
    const to = neighbour(this.flags, direction < 0 ? from - 1 : from, direction);
    if (to !== null) desk.past.seek(to + 1); // the flag's millisecond is over
    else if (direction > 0) desk.past.live();
  }

  /** nudge goes so many milliseconds on or back. */
  nudge(by: number): void {
    const from = desk.past.head.peek() ?? desk.present();
    desk.past.seek(Math.max(this.bounds.from, from + by));
  }

  private get bounds(): View {
    const to = desk.present();
    return { from: Math.min(to - 1, this.span?.from ?? to - 1), to };
  }

  private watchPage(): void {
    new ResizeObserver(() => this.resize()).observe(this.track);
    new MutationObserver(() => this.restyle()).observe(document.documentElement, {
      attributes: true, attributeFilter: ["data-theme", "data-mode"],
    });
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.restyle());
    void document.fonts.ready.then(() => this.restyle());
  }

  private watchLab(): void {
    effect(() => {
      this.flags = plant(this.flags, desk.live.story.value, MOST);
    });
    effect(() => {
      if (desk.store.connection.value === "live") void this.ask();
    });
    const tell = calmly(250, () => this.tell());
    effect(() => {
      const { past } = desk;
      void [past.head.value, past.playing.value, past.rate.value, past.auto.value, past.missing.value, desk.live.instant.value];
      tell();
    });
    effect(() => set(this, "data-loading", desk.past.loading.value));
    effect(() => set(ref(this, "director"), "aria-pressed", String(director.on.value)));
    effect(() => set(document.documentElement, "data-past", desk.past.head.value !== null));
  }

  /** ask fetches what is recorded, and the flags of what the page has not seen. */
  private async ask(): Promise<void> {
    if (document.visibilityState !== "visible" || desk.store.connection.peek() !== "live") return;
    if (desk.rehearsal.peek() !== null) return; // what is made up has no past
    try {
      this.span = await recorded();
      const known = this.flags.filter((f) => f.seq > (this.span!.flags.at(-1)?.seq ?? -1)).map((f) => f.item);
      this.flags = plant(plant([], this.span.flags, MOST), known, MOST);
      this.keep();
    } catch {
      // The server is away, and the status bar says so.
    }
  }

  /** keep says how much is kept. */
  private keep(): void {
    const { from, to, bytes: size, cap, kept, why, dropped } = this.span!;
    const note = ref(this, "kept");
    say(note, why ? t("past.stopped") : t("past.kept", { time: behind(to - from) }));
    set(note, "data-bad", Boolean(why) || dropped > 0);
    const how = t(kept ? "past.file" : "past.passing", { size: bytes(size), cap: bytes(cap) });
    set(note, "title", [how, why ?? "", dropped > 0 ? t("past.dropped", { count: dropped }) : ""].filter(Boolean).join(" "));
  }

  private listen(): void {
    this.track.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.track.setPointerCapture(event.pointerId);
      const cluster = this.clusterAt(event.offsetX);
      if (cluster) desk.past.seek(cluster.top.t + 1);
      else this.seekTo(event.offsetX);
    });
    this.track.addEventListener("pointermove", (event) => {
      this.point(event.offsetX);
      if (this.track.hasPointerCapture(event.pointerId)) this.seekTo(event.offsetX);
    });
    this.track.addEventListener("pointerleave", () => this.point(null));
    this.track.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    ref<HTMLSelectElement>(this, "rate").addEventListener("change", (event) => {
      desk.past.pace(Number((event.target as HTMLSelectElement).value));
    });
  }

  private seekTo(x: number): void {
    const { width } = this.size;
    if (x >= Math.min(width, xOf(this.view, width, desk.present())) - EDGE) desk.past.live();
    else desk.past.seek(Math.max(this.bounds.from, tAt(this.view, width, x)));
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const { width } = this.size;
    const scale = (this.view.to - this.view.from) / Math.max(1, width);
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.view = pan(this.view, (event.deltaX || event.deltaY) * scale, this.bounds);
    } else {
      this.view = zoom(this.view, tAt(this.view, width, event.offsetX), Math.exp(event.deltaY * 0.002), this.bounds);
    }
    this.length = this.view.to - this.view.from;
    this.following = this.view.to >= this.bounds.to - 1;
    this.painted = 0;
  }

  private clusterAt(x: number): Cluster | undefined {
    const near = radius(this.palette) * 1.2;
    return this.shown.find((c) => Math.abs(c.x - x) <= near);
  }

  /** point shows what is under the pointer: a flag's sentences, or the moment. */
  private point(x: number | null): void {
    this.hover = x;
    this.painted = 0;
    const tip = ref(this, "tip");
    tip.hidden = x === null;
    if (x === null) return;
    const { width } = this.size;
    const cluster = this.clusterAt(x);
    const lines = cluster ? said(cluster) : [clockTime(tAt(this.view, width, x))];
    if (tip.textContent !== lines.join("")) tip.replaceChildren(...lines.map((line) => Object.assign(document.createElement("span"), { textContent: line })));
    tip.style.setProperty("--x", `${Math.min(width - 8, Math.max(8, cluster?.x ?? x))}px`);
    set(tip, "data-side", x > width * 0.7 ? "left" : x < width * 0.3 ? "right" : "middle");
  }

  private get size(): { width: number; height: number } {
    return { width: this.track.clientWidth, height: this.track.clientHeight };
  }

  private resize(): void {
    const density = Math.min(2, devicePixelRatio);
    const { width, height } = this.size;
    this.pen.canvas.width = Math.round(width * density);
    this.pen.canvas.height = Math.round(height * density);
    this.pen.setTransform(density, 0, 0, density, 0, 0);
    this.painted = 0;
  }

  private restyle(): void {
    this.palette = readPalette();
    this.painted = 0;
  }

  private frame(now: number): void {
    desk.past.tick(now);
    const moving = desk.past.head.peek() !== null;
    if (desk.live.loaded.peek() && now - this.painted >= (moving ? 0 : CALM)) {
      this.painted = now;
      this.paint();
    }
    requestAnimationFrame((next) => this.frame(next));
  }

  private paint(): void {
    const { width, height } = this.size;
    if (width === 0) return;
    const head = desk.past.head.peek();
    this.look(head);
    const gap = radius(this.palette) * 2.6;
    const visible = this.flags.filter((f) => f.t >= this.view.from && f.t <= this.view.to);
    this.shown = clusters(visible, (at) => xOf(this.view, width, at), gap);
    paintLine(this.pen, {
      view: this.view, width, height, recorded: this.bounds, clusters: this.shown, head, hover: this.hover, palette: this.palette,
    });
  }

  /** look moves the view along with the present, or to the moment that is shown. */
  private look(head: number | null): void {
    const { bounds } = this;
    if (this.following || this.view.to <= this.view.from + 1) this.view = follow(this.view, head, this.length, bounds);
    if (head !== null) this.view = reveal(this.view, head, bounds);
  }

  private tell(): void {
    const { past } = desk;
    const head = past.head.peek();
    const ago = head === null ? 0 : desk.present() - head;
    set(this, "data-past", head !== null);
    set(ref(this, "play"), "aria-pressed", String(head !== null && !past.playing.peek()));
    set(ref(this, "play"), "aria-label", t(head !== null && !past.playing.peek() ? "past.play" : "past.pause"));
    set(ref(this, "live"), "aria-pressed", String(head === null));
    const rate = ref<HTMLSelectElement>(this, "rate");
    if (document.activeElement !== rate) rate.value = String(past.rate.peek());
    set(this.track, "aria-valuemax", Math.round((this.bounds.to - this.bounds.from) / 1000));
    set(this.track, "aria-valuenow", Math.round(((head ?? this.bounds.to) - this.bounds.from) / 1000));
    set(this.track, "aria-valuetext", head === null ? t("past.live") : t("past.ago", { behind: behind(ago), time: clockTime(head) }));
    const then = past.missing.peek() ? t("past.missing") : past.auto.peek() ? director.why(behind(ago)) : t("past.replay", { behind: behind(ago) });
    for (const note of document.querySelectorAll("[data-replay]")) say(note, head === null ? "" : then);
  }
}

/** said is what a cluster's tip says: its first few flags, and how many more there are. */
function said(cluster: Cluster): string[] {
  const most = 4;
  const heavy = [...cluster.flags].sort((a, b) => b.kind.weight - a.kind.weight || a.seq - b.seq).slice(0, most).sort((a, b) => a.seq - b.seq);
  const lines = heavy.map(({ t: at, item }) => `${clockTime(at)}  ${item.caption || item.line}`);
  const more = cluster.flags.length - heavy.length;
  return more > 0 ? [...lines, t("past.more", { count: more })] : lines;
}
