// <cluster-stage>: two canvases, one still and one moving, and a list that says the same in words.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { el, list, ref, say, set } from "../core/dom.ts";
import { count } from "../core/format.ts";
import { CALM, conditionOf, seenBy } from "../core/verdict.ts";
import { draw } from "./draw.ts";
import { COMMON, lookOfKind } from "./kinds.ts";
import { between, hit, place, sameScene, walk, type Scene } from "./layout.ts";
import { drawSprite, Motion } from "./motion.ts";
import { readPalette, type Palette } from "./palette.ts";

/** Sharper than this costs time and shows nothing. */
const DENSEST = 2;

/** A change of topology takes this long on the stage, as --calm does elsewhere. */
const TWEEN = 400;

/** So many lines of text are kept free at the stage's foot. */
const FOOT = 1.8;

const NOWHERE: Scene = { width: 0, height: 0, cells: [], spots: new Map() };

/** ClusterStage draws the store; it owns the frame loop. */
export class ClusterStage extends HTMLElement {
  private still!: CanvasRenderingContext2D;
  private moving!: CanvasRenderingContext2D;
  private palette!: Palette;
  private motion!: Motion;
  private scene = NOWHERE;
  private from = NOWHERE;
  private target = NOWHERE;
  private tweenStart = -Infinity;
  private dirty = true;
  private legendKinds = "";

  connectedCallback(): void {
    this.still = ref<HTMLCanvasElement>(this, "still").getContext("2d")!;
    this.moving = ref<HTMLCanvasElement>(this, "moving").getContext("2d")!;
    this.palette = readPalette();
    this.motion = new Motion(this.palette);
    this.watchPage();
    this.watchStore();
    this.listen();
    requestAnimationFrame(() => this.frame());
  }

  private watchPage(): void {
    new ResizeObserver(() => this.resize()).observe(this);
    new MutationObserver(() => this.restyle()).observe(document.documentElement, {
      attributes: true, attributeFilter: ["data-theme", "data-mode"],
    });
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.restyle());
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const follow = () => {
      this.motion.still = calm.matches;
    };
    calm.addEventListener("change", follow);
    follow();
    void document.fonts.ready.then(() => this.restyle());
  }

  private watchStore(): void {
    const { store } = desk;
    effect(() => {
      this.arrange();
      this.motion.dim = store.nodes.value.some((n) => n.election !== null);
      this.motion.follow(store.rules.value, (name) => store.node(name)?.port ?? 0);
      void [desk.selected.value, desk.focused.value, desk.observer.value];
      this.dirty = true;
      this.listNodes();
    });
    effect(() => this.tellState());
    effect(() => {
      set(this, "data-paused", store.clock.value.paused);
      const { shown, total } = desk.sampled.value;
      const ratio = total > shown && shown > 0 ? `showing 1 of ${count(Math.max(2, Math.round(total / shown)))} frames` : "";
      say(ref(this, "sample"), ratio);
    });
    effect(() => {
      ref(this, "heal").hidden = store.rules.value.length === 0;
    });
  }

  private tellState(): void {
    const { store } = desk;
    const live = store.connection.value === "live";
    const locked = store.connection.value === "locked";
    const state = locked ? "locked" : !store.loaded.value ? "loading" : live ? "live" : "stale";
    set(this, "data-state", state);
    const words: Record<string, string> = {
      loading: live ? "Waiting for the first snapshot…" : "Connecting to the lab…",
      locked: "You are not logged in. Open the link that playground printed, or ask for a new one: playground ctl link",
      stale: "Reconnecting… this picture is from before.",
      live: store.nodes.value.length === 0 ? "The lab has no nodes. Press N to add a master." : "",
    };
    say(ref(this, "veil"), words[state]!);
    const observer = desk.observer.value;
    const as = ref(this, "as");
    as.hidden = observer === null;
    set(this, "data-as", observer !== null);
    if (observer) say(as, `as ${observer.name} believes it to be · V returns`);
  }

  private listen(): void {
    const at = (event: MouseEvent) => {
      const box = this.getBoundingClientRect();
      return hit(this.scene, event.clientX - box.left, event.clientY - box.top);
    };
    const nodes = ref(this, "nodes");
    nodes.addEventListener("click", (event) => {
      desk.selected.value = at(event);
      const projected = document.documentElement.dataset.mode === "projector";
      if (desk.selected.value && !projected) desk.show.tell("node");
    });
    nodes.addEventListener("pointermove", (event) => {
      this.classList.toggle("over", at(event) !== null);
    });
    this.addEventListener("contextmenu", (event) => {
      const node = at(event) ?? (event.button === 2 ? null : desk.selected.value);
      if (!node) return;
      event.preventDefault();
      desk.selected.value = node;
      desk.menu.tell({ node, ...this.menuPlace(event, node) });
    });
    nodes.addEventListener("keydown", (event) => this.key(event));
  }

  /** menuPlace is where the mouse was, or beside the node for the context-menu key. */
  private menuPlace(event: MouseEvent, node: string): { x: number; y: number } {
    if (event.button === 2) return { x: event.clientX, y: event.clientY };
    const box = this.getBoundingClientRect();
    const spot = this.scene.spots.get(node) ?? { x: 0, y: 0, r: 0 };
    return { x: box.left + spot.x + spot.r, y: box.top + spot.y };
  }

  private key(event: KeyboardEvent): void {
    const step: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
    };
    const direction = step[event.key];
    if (direction) {
      event.preventDefault();
      desk.selected.value = walk(this.scene, desk.selected.value, ...direction);
    } else if (event.key === "Enter" && desk.selected.value) {
      desk.show.tell("node");
    }
  }

  private resize(): void {
    const density = Math.min(DENSEST, devicePixelRatio);
    for (const pen of [this.still, this.moving]) {
      pen.canvas.width = Math.round(this.clientWidth * density);
      pen.canvas.height = Math.round(this.clientHeight * density);
      pen.setTransform(density, 0, 0, density, 0, 0);
    }
    this.arrange();
    this.scene = this.target;
    this.tweenStart = -Infinity;
    this.dirty = true;
    this.settle();
  }

  private restyle(): void {
    this.palette = readPalette();
    this.motion.look(this.palette);
    this.legendKinds = "";
    this.arrange();
    this.dirty = true;
  }

  /** arrange places the nodes anew; when anything moved it begins a move that takes TWEEN. */
  private arrange(): void {
    const next = place(desk.store.nodes.value, this.clientWidth, this.clientHeight, this.palette.text * FOOT);
    if (sameScene(next, this.target)) return;
    const first = this.target.spots.size === 0;
    this.from = this.scene;
    this.target = next;
    this.tweenStart = first || this.motion?.still ? -Infinity : performance.now();
  }

  private frame(): void {
    const now = performance.now();
    const part = (now - this.tweenStart) / TWEEN;
    if (this.scene !== this.target) {
      this.scene = part >= 1 ? this.target : between(this.from, this.target, part);
      this.settle();
      this.dirty = true;
    }
    if (this.dirty) this.paint();
    this.motion.draw(this.moving, this.scene.width, this.scene.height, desk.flights, desk.times(now));
    this.legend();
    requestAnimationFrame(() => this.frame());
  }

  private settle(): void {
    this.motion.settle(this.scene, new Map(desk.store.nodes.peek().map((n) => [n.port, n.name])));
  }

  private paint(): void {
    this.dirty = false;
    const observer = desk.observer.peek();
    const nodes = desk.store.nodes.peek();
    draw(this.still, {
      scene: this.scene,
      nodes: observer ? nodes.map((n) => seenBy(observer, n)) : nodes,
      verdicts: desk.verdicts.peek(),
      rules: desk.store.rules.peek(),
      selected: desk.selected.peek(),
      focused: desk.focused.peek(),
      viewAs: observer,
      palette: this.palette,
    });
  }

  private listNodes(): void {
    const nodes = desk.store.nodes.value;
    const verdicts = desk.verdicts.value;
    const box = ref(this, "nodes");
    list(box, nodes, (n) => n.name, (n) => el("li", { role: "option", id: `node-${n.name}` }), (item, n) => {
      say(item, `${n.name}, ${n.role} of shard ${n.shard}, ${conditionOf(n, verdicts.get(n.name) ?? CALM)}`);
      set(item, "aria-selected", String(n.name === desk.selected.value));
    });
    set(box, "aria-activedescendant", desk.selected.value ? `node-${desk.selected.value}` : undefined);
  }

  /** legend names the kinds of frame: the common ones, and the others once they were seen. */
  private legend(): void {
    const kinds = [...new Set([...COMMON, ...this.motion.seen])].sort((a, b) => a - b);
    if (kinds.join() === this.legendKinds) return;
    this.legendKinds = kinds.join();
    ref(this, "legend").replaceChildren(...kinds.map((kind) => {
      const look = lookOfKind(kind);
      const mark = drawSprite(this.palette, look);
      return el("li", {}, mark, look.name);
    }));
  }
}
