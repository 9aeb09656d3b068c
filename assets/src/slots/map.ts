// <slot-map>: all 16384 slots, 128 a row. A slider for keyboards and screen readers, a canvas for eyes.

import { effect, signal } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref, say, set } from "../core/dom.ts";
import { count } from "../core/format.ts";
import { bindRadios } from "../core/radios.ts";
import { lookOf, rankOf } from "../core/shard.ts";
import { SLOTS } from "../core/slots.ts";
import { t } from "../core/words.ts";
import { readPalette, type Palette } from "../stage/palette.ts";
import { bindDrag } from "./drag.ts";
import { bandOf, SIDE, slotAt, step } from "./grid.ts";
import { mostOf } from "./loads.ts";
import { drawOverlay } from "./overlay.ts";
import { territoryOf, type Territory } from "./owners.ts";
import { paintMap, type Heat } from "./paint.ts";
import { band, cursor, hover } from "./picked.ts";
import { loads, looks, watchLoads } from "./watch.ts";

/** Every so many rows carry a number. */
const NUMBERED = 16;

/** SlotMap redraws when owners, loads or what is pointed at change. */
export class SlotMap extends HTMLElement {
  private palette!: Palette;
  private territory: Territory = { owners: [], of: new Int16Array(SLOTS).fill(-1) };
  private readonly heat = signal<Heat>("owner");
  private size = 0; // of the map in pixels of the page

  connectedCallback(): void {
    this.palette = readPalette();
    const cells = calmly(100, () => this.paint());
    const overlay = calmly(16, () => this.paintOverlay());
    new ResizeObserver(() => this.resize()).observe(ref(this, "board"));
    new MutationObserver(() => this.restyle()).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-mode"] });
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.restyle());
    void document.fonts.ready.then(() => this.restyle());
    effect(() => {
      this.territory = territoryOf(desk.store.nodes.value, desk.verdicts.value);
      void [this.heat.value, looks.value, desk.store.loaded.value];
      cells();
    });
    effect(() => {
      void [band.value, cursor.value, hover.value];
      overlay();
    });
    this.listen();
    watchLoads();
  }

  private listen(): void {
    const cells = ref(this, "cells");
    bindDrag(cells, (event) => {
      const box = cells.getBoundingClientRect();
      return slotAt(event.clientX - box.left, event.clientY - box.top, this.size);
    });
    cells.addEventListener("keydown", (event) => this.key(event));
    bindRadios([...this.querySelectorAll<HTMLButtonElement>("[data-heat]")], (button) => (this.heat.value = button.dataset.heat as Heat));
  }

  /** key moves the cursor; with Shift it draws the band along. */
  private key(event: KeyboardEvent): void {
    if (event.ctrlKey && !["Home", "End"].includes(event.key) || event.metaKey || event.altKey) return;
    const from = cursor.peek() ?? 0;
    const to = step(from, event.key, event.ctrlKey);
    if (to !== null) {
      const chosen = band.peek();
      const anchor = chosen && (chosen[0] === from || chosen[1] === from) ? chosen[chosen[0] === from ? 1 : 0] : from;
      band.value = event.shiftKey ? bandOf(anchor, to) : null;
      cursor.value = to;
    } else if (event.key === "Escape" && band.peek()) {
      band.value = null;
    } else if (event.key === "Enter") {
      desk.show.tell("slots");
      document.querySelector<HTMLElement>("move-panel select[name=to]")?.focus();
    } else {
      return;
    }
    event.preventDefault();
  }

  private restyle(): void {
    this.palette = readPalette();
    this.resize();
  }

  /** resize makes the map the largest square there is room for, in whole pixels a cell. */
  private resize(): void {
    const board = ref(this, "board");
    const density = Math.min(2, devicePixelRatio);
    const room = Math.min(board.clientWidth - ref(this, "rownumbers").offsetWidth, board.clientHeight);
    const pixels = Math.max(1, Math.floor((room * density) / SIDE)) * SIDE;
    if (room <= 0) return;
    this.size = pixels / density;
    for (const name of ["cellscanvas", "overlay"]) {
      const canvas = ref<HTMLCanvasElement>(this, name);
      canvas.width = canvas.height = pixels;
      canvas.getContext("2d")!.setTransform(density, 0, 0, density, 0, 0);
    }
    for (const name of ["cells", "rownumbers"]) ref(this, name).style.blockSize = `${this.size}px`;
    ref(this, "cells").style.inlineSize = `${this.size}px`;
    this.paint();
  }

  private paint(): void {
    const canvas = ref<HTMLCanvasElement>(this, "cellscanvas");
    if (this.size === 0 || !desk.store.loaded.peek()) return this.tell();
    const pen = canvas.getContext("2d")!;
    const image = pen.createImageData(canvas.width, canvas.height);
    paintMap(image, this.territory, this.heat.peek(), this.values, this.palette);
    pen.putImageData(image, 0, 0);
    this.paintOverlay();
    this.tell();
  }

  private get values(): Uint32Array | Float32Array {
    return this.heat.peek() === "ops" ? loads.rate : loads.keys;
  }

  private paintOverlay(): void {
    if (this.size === 0 || !desk.store.loaded.peek()) return;
    drawOverlay(ref<HTMLCanvasElement>(this, "overlay").getContext("2d")!, {
      territory: this.territory, nodes: desk.store.nodes.peek(), plates: this.heat.peek() === "owner",
      band: band.peek(), cursor: cursor.peek(), hover: hover.peek(), palette: this.palette, size: this.size,
      nobody: t("slotmap.nobody"),
    });
    this.tellSlider();
  }

  /** tellSlider says where the cursor stands. */
  private tellSlider(): void {
    const slot = cursor.peek() ?? 0;
    const owner = this.territory.owners[this.territory.of[slot]!];
    const chosen = band.peek();
    const words = [
      `slot ${slot}`, owner ? `${owner.node.shard} ${owner.node.name}${owner.served ? "" : ` ✕ ${t("slotmap.down")}`}` : t("slotmap.nobody"),
      t("slotmap.count", { keys: count(loads.keys[slot]!) }),
      ...(chosen ? [t("slotmap.band", { from: chosen[0], to: chosen[1], slots: chosen[1] - chosen[0] + 1 })] : []),
    ];
    const cells = ref(this, "cells");
    set(cells, "aria-valuenow", slot);
    set(cells, "aria-valuetext", words.join(", "));
  }

  private tell(): void {
    const missing = desk.past.past && this.heat.peek() !== "owner" && !loads.known;
    say(ref(this, "mapveil"), !desk.store.loaded.peek() ? t("slotmap.loading") : missing ? t("slotmap.nomoment") : "");
    list(ref(this, "rownumbers"), numbers(), (slot) => String(slot), (slot) => el("li", {}, String(slot)), () => {});
    const legend = ref(this, "maplegend");
    const heat = this.heat.peek();
    set(legend, "data-heat", heat);
    const items = heat === "owner" ? this.ownerItems() : heatItems(heat, mostOf(this.values));
    list(legend, items, (item) => item.id, (item) => el("li", {}, el("span", { class: item.mark, "data-shard": item.shard }), el("span")), (li, item) => {
      say(li.firstElementChild!, item.letter);
      say(li.lastElementChild!, item.text);
      set(li, "data-bad", item.bad);
    });
  }

  private ownerItems(): Item[] {
    const items: Item[] = [...this.territory.owners].filter((o) => this.territory.of.includes(this.territory.owners.indexOf(o)))
      .sort((a, b) => rankOf(a.node.shard) - rankOf(b.node.shard) || a.node.port - b.node.port)
      .map(({ node, served, slots }) => ({
        id: node.name, mark: "chip tiny", letter: node.shard, shard: node.shard ? lookOf(node.shard).colour : undefined, bad: !served,
        text: `${node.name} · ${count(slots)}${served ? "" : ` · ✕ ${t("slotmap.down")}`}`,
      }));
    const free = this.territory.of.reduce((n, owner) => n + (owner < 0 ? 1 : 0), 0);
    if (free > 0) items.push({ id: "nobody", mark: "chip tiny nobody", letter: "✕", bad: true, text: `${t("slotmap.nobody")} · ${count(free)}` });
    return items;
  }
}

/** One line of the legend. */
interface Item {
  id: string;
  mark: string;
  letter: string;
  text: string;
  shard?: number | undefined;
  bad: boolean;
}

/** numbers are the slots at which a numbered row begins. */
function numbers(): number[] {
  return Array.from({ length: SIDE / NUMBERED }, (_, i) => i * NUMBERED * SIDE);
}

/** heatItems are the ends of the scale. */
function heatItems(heat: Heat, most: number): Item[] {
  const unit = t(heat === "keys" ? "fact.keys" : "fact.ops");
  const top = most < 10 && !Number.isInteger(most) ? most.toFixed(1) : count(most);
  return [
    { id: "cold", mark: "cold", letter: "", text: `0 ${unit}`, bad: false },
    { id: "scale", mark: "scale", letter: "", text: t("slotmap.log"), bad: false },
    { id: "hot", mark: "hot", letter: "", text: `${top} ${unit}`, bad: false },
  ];
}
