// <bytes-panel>: the bytes of one PING that was really sent, and what they cost.

import { labAPI } from "../core/lab.ts";
import { effect, signal } from "@preact/signals-core";
import { get } from "../core/api.ts";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref, say, set } from "../core/dom.ts";
import { bytes, count } from "../core/format.ts";
import { whileShown } from "../core/live.ts";
import { bindRadios } from "../core/radios.ts";
import { lookOf } from "../core/shard.ts";
import { t } from "../core/words.ts";
import type { Gauges } from "../metrics/gauges.ts";
import { readPalette } from "../stage/palette.ts";
import {
  flowOf, flowWith, gossipOf, KINDS, LARGE, packetOf, REAL, sumsOf, withSlots, type Flow, type Heartbeat, type Kind,
} from "./beat.ts";
import { drawRaster, ROW, rowsOf } from "./raster.ts";

/** The flow is measured over so much of the lab's time, in milliseconds. */
const OVER = 5000;

/** The numbers of nodes for which a heartbeat is weighed; the lab's own number comes first. */
const NODES: readonly number[] = [6, 60, 100, 500, 1000];

/** BytesPanel asks once a second while it is seen. */
export class BytesPanel extends HTMLElement {
  private beat: Heartbeat | null = null;
  private flow: Flow | null = null;
  private readonly slots = signal(REAL);
  private readonly hot = signal<Kind | null>(null);

  connectedCallback(): void {
    whileShown(() => true, () => void this.ask());
    const draw = calmly(50, () => this.draw());
    effect(() => {
      void [this.slots.value, this.hot.value];
      draw();
    });
    bindRadios([...this.querySelectorAll<HTMLButtonElement>("[data-slots]")], (button) => (this.slots.value = Number(button.dataset.slots)));
    new ResizeObserver(() => draw()).observe(this);
    new MutationObserver(() => draw()).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-mode"] });
  }

  /** whose is the node whose heartbeat is shown: the chosen one, or the first that is up. */
  private get whose(): string | undefined {
    const nodes = desk.live.nodes.peek();
    return (nodes.find((n) => n.name === desk.selected.peek()) ?? nodes.find((n) => n.state === "up"))?.name;
  }

  /** shard is that of the node whose heartbeat is shown. */
  private get shard(): string {
    return desk.live.nodes.peek().find((n) => n.name === this.beat?.node)?.shard ?? "";
  }

  private async ask(): Promise<void> {
    const node = this.whose;
    if (!node || !this.checkVisibility()) return;
    const after = Math.round(desk.live.instant.peek().now - OVER);
    try {
      const [beat, gauges] = await Promise.all([
        get<Heartbeat>(labAPI(`/nodes/${encodeURIComponent(node)}/heartbeat`)), get<Gauges>(labAPI(`/metrics?after=${after}`)),
      ]);
      this.beat = beat;
      this.flow = flowOf(gauges) ?? this.flow;
      this.draw();
    } catch {
      say(ref(this, "beatof"), t("bytes.silent", { node }));
    }
  }

  private draw(): void {
    const { beat } = this;
    if (!beat) return;
    const parts = withSlots(beat.parts, this.slots.peek());
    const sums = sumsOf(parts);
    const total = KINDS.reduce((n, kind) => n + sums[kind], 0);
    const real = this.slots.peek() === REAL;
    say(ref(this, "beatof"), t(real ? "bytes.sent" : "bytes.never", { node: beat.node, bytes: count(total), slots: count(this.slots.peek()) }));
    this.paint(real);
    this.parts(sums, total);
    this.fields();
    this.costs();
  }

  private paint(real: boolean): void {
    const canvas = ref<HTMLCanvasElement>(this, "raster");
    const palette = readPalette();
    const density = Math.min(2, devicePixelRatio || 1);
    const width = canvas.parentElement!.clientWidth;
    if (width === 0) return;
    const cell = Math.max(1, Math.floor((width * density) / ROW)) / density;
    const parts = withSlots(this.beat!.parts, this.slots.peek());
    canvas.width = ROW * cell * density;
    canvas.height = rowsOf(parts) * cell * density;
    canvas.style.inlineSize = `${ROW * cell}px`;
    const pen = canvas.getContext("2d")!;
    pen.setTransform(density, 0, 0, density, 0, 0);
    const { shard } = this;
    drawRaster(pen, palette, cell, {
      parts, real: real ? this.beat!.bytes : null, hot: this.hot.peek(),
      slots: shard ? palette.shards[lookOf(shard).colour]! : palette.token.muted,
      names: Object.fromEntries(KINDS.map((kind) => [kind, t(`bytes.${kind}`)])) as Record<Kind, string>,
    });
  }

  /** parts lists the kinds; pointing at one frames it in the picture. */
  private parts(sums: Record<Kind, number>, total: number): void {
    const entries = this.beat!.parts.filter((p) => p.kind === "gossip").length;
    list(ref(this, "parts"), KINDS.filter((kind) => sums[kind] > 0), (kind) => kind, (kind) => el(
      "tr", { tabindex: 0, "data-kind": kind, pointerenter: () => (this.hot.value = kind), pointerleave: () => (this.hot.value = null), focus: () => (this.hot.value = kind), blur: () => (this.hot.value = null) },
      el("th", { scope: "row" }), el("td"), el("td"),
    ), (tr, kind) => {
      set(tr, "data-shard", kind === "slots" && this.shard ? lookOf(this.shard).colour : undefined);
      const name = t(`bytes.${kind}`) + (kind === "gossip" ? ` (${entries})` : "");
      [name, count(sums[kind]), `${((sums[kind] * 100) / total).toFixed(0)} %`].forEach((text, i) => say(tr.children[i]!, text));
    });
  }

  /** fields lists the header's fields with their bytes. */
  private fields(): void {
    const { parts, bytes: base64 } = this.beat!;
    const raw = atob(base64);
    list(ref(this, "fields"), parts, (p) => String(p.at), (p) => el("tr", { "data-kind": p.kind }, el("td"), el("td"), el("th", { scope: "row" }), el("td"), el("td", { class: "hex" })), (tr, p) => {
      [String(p.at), String(p.len), p.kind === "gossip" ? t("bytes.about", { node: p.name }) : p.name, p.value, hex(raw, p.at, p.len)]
        .forEach((text, i) => say(tr.children[i]!, text));
    });
  }

  /** costs fills the tables of what heartbeats weigh now and among more nodes. */
  private costs(): void {
    const { flow } = this;
    const now = desk.live.nodes.peek().length;
    const seconds = flow ? [t("bytes.persecond", { packets: count(flow.packets) }), `${bytes(flow.bytes)}/s`, `${bytes(flowWith(flow, LARGE))}/s`] : [];
    const rows = [...(flow ? [seconds] : []), ...[...new Set([now, ...NODES])].map((n) => [
      t("bytes.among", { nodes: count(n), gossip: gossipOf(n) }), bytes(packetOf(n, REAL)), bytes(packetOf(n, LARGE)),
    ])];
    list(ref(this, "costs"), rows, (row) => row[0]!.replace(/\d+/, ""), () => el("tr", {}, el("th", { scope: "row" }), el("td"), el("td")), (tr, row) => {
      row.forEach((text, i) => say(tr.children[i]!, text));
    });
  }
}

/** hex writes the first bytes of a part. */
function hex(raw: string, at: number, len: number): string {
  const shown = Math.min(len, 8);
  const text = Array.from({ length: shown }, (_, i) => raw.charCodeAt(at + i).toString(16).padStart(2, "0")).join(" ");
  return len > shown ? `${text} …` : text;
}
