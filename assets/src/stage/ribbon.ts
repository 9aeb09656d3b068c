// <slot-ribbon>: the 16384 slots as one band, by owner's letter, colour and hatch.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, ref, say } from "../core/dom.ts";
import { count } from "../core/format.ts";
import { lookOf } from "../core/shard.ts";
import { bandsOf, ownerOf, SLOTS, type Band } from "../core/slots.ts";
import type { NodeView } from "../core/wire.ts";
import { readPalette, shardColour, type Palette } from "./palette.ts";
import { hatchPattern } from "./shapes.ts";

/** The scale below the band marks every so many slots. */
const TICKS = 4096;

/** SlotRibbon redraws when owners change; hovering or touching names a slot. */
export class SlotRibbon extends HTMLElement {
  private pen!: CanvasRenderingContext2D;
  private palette!: Palette;
  private bands: Band[] = [];

  connectedCallback(): void {
    this.pen = ref<HTMLCanvasElement>(this, "canvas").getContext("2d")!;
    this.palette = readPalette();
    const paint = calmly(100, () => this.paint());
    new ResizeObserver(() => this.paint()).observe(this);
    const restyle = () => {
      this.palette = readPalette();
      this.paint();
    };
    new MutationObserver(restyle).observe(document.documentElement, {
      attributes: true, attributeFilter: ["data-theme", "data-mode"],
    });
    void document.fonts.ready.then(restyle);
    effect(() => {
      this.bands = bandsOf(desk.shown.value);
      paint();
    });
    this.addEventListener("pointermove", (event) => this.point(event));
    this.addEventListener("pointerleave", () => {
      ref(this, "tip").hidden = true;
    });
  }

  private paint(): void {
    const { pen } = this;
    const density = Math.min(2, devicePixelRatio);
    const width = this.clientWidth;
    const height = this.clientHeight;
    pen.canvas.width = Math.round(width * density);
    pen.canvas.height = Math.round(height * density);
    pen.setTransform(density, 0, 0, density, 0, 0);
    const scale = height - this.palette.text - 5;
    for (const band of this.bands) this.paintBand(band, width, scale);
    for (const node of desk.shown.peek()) this.paintMoving(node, width, scale);
    this.paintTicks(width, height);
    say(ref(this, "text"), this.describe());
  }

  private paintBand(band: Band, width: number, height: number): void {
    const { pen, palette } = this;
    const x = (band.from / SLOTS) * width;
    const w = Math.max(1, ((band.to + 1 - band.from) / SLOTS) * width);
    if (!band.shard) return this.paintHole(x, w, height);
    pen.fillStyle = shardColour(palette, band.shard);
    pen.fillRect(x, 0, w, height);
    const hatch = hatchPattern(pen, lookOf(band.shard).hatch, palette.token["on-colour"]);
    if (hatch) {
      pen.globalAlpha = 0.3;
      pen.fillStyle = hatch;
      pen.fillRect(x, 0, w, height);
      pen.globalAlpha = 1;
    }
    pen.fillStyle = palette.token.ground;
    pen.fillRect(x + w - 1, 0, 1, height);
    if (w > 3 * palette.text) this.writeOwner(band, x + w / 2, height);
  }

  private writeOwner(band: Band, x: number, height: number): void {
    const { pen, palette } = this;
    const text = `${band.shard}  ${count(band.to - band.from + 1)}`;
    pen.font = `600 ${palette.text}px ${palette.sans}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const width = pen.measureText(text).width + palette.text;
    pen.fillStyle = shardColour(palette, band.shard);
    pen.fillRect(x - width / 2, 0, width, height);
    pen.fillStyle = palette.token["on-colour"];
    pen.fillText(text, x, height / 2 + 1);
  }

  /** paintHole shows slots that nobody serves: dashed, in the colour of failure once we know. */
  private paintHole(x: number, w: number, height: number): void {
    const { pen, palette } = this;
    pen.strokeStyle = desk.store.loaded.peek() ? palette.token.fail : palette.token.line;
    pen.lineWidth = 2;
    pen.setLineDash([6, 4]);
    pen.strokeRect(x + 1, 1, Math.max(1, w - 2), height - 2);
    pen.setLineDash([]);
  }

  /** paintMoving marks slots on their way with a notch that points down to the slot. */
  private paintMoving(node: NodeView, width: number, height: number): void {
    const { pen, palette } = this;
    for (const { slot } of node.migrating) {
      const x = ((slot + 0.5) / SLOTS) * width;
      pen.beginPath();
      pen.moveTo(x, height);
      pen.lineTo(x - 5, height + 8);
      pen.lineTo(x + 5, height + 8);
      pen.closePath();
      pen.fillStyle = palette.token.warn;
      pen.fill();
      pen.fillRect(x - 1, 0, 2, height);
    }
  }

  private paintTicks(width: number, height: number): void {
    const { pen, palette } = this;
    pen.font = `${palette.text * 0.85}px ${palette.mono}`;
    pen.fillStyle = palette.token.muted;
    pen.textBaseline = "bottom";
    for (let slot = 0; slot <= SLOTS; slot += TICKS) {
      pen.textAlign = slot === 0 ? "left" : slot === SLOTS ? "right" : "center";
      const shown = Math.min(slot, SLOTS - 1);
      pen.fillText(String(shown), slot === 0 ? 6 : slot === SLOTS ? width - 6 : (slot / SLOTS) * width, height - 1);
    }
  }

  private point(event: PointerEvent): void {
    const tip = ref(this, "tip");
    const x = event.clientX - this.getBoundingClientRect().left;
    const slot = Math.min(SLOTS - 1, Math.max(0, Math.floor((x / this.clientWidth) * SLOTS)));
    const band = ownerOf(this.bands, slot);
    say(tip, band?.shard ? `slot ${slot} · ${band.shard} · ${band.node}` : `slot ${slot} · nobody`);
    tip.hidden = false;
    tip.style.left = `${Math.min(this.clientWidth - 80, Math.max(80, x))}px`;
  }

  private describe(): string {
    return this.bands.map((b) => `${b.from} to ${b.to}: ${b.shard ? `shard ${b.shard}, ${b.node}` : "nobody"}`).join("; ");
  }
}
