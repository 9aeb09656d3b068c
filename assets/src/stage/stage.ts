// <cluster-stage>: two canvases, one still and one moving, and a list that says the same in words.

import { effect } from "@preact/signals-core";
import { frameOf } from "../core/actions.ts";
import { desk } from "../core/desk.ts";
import { calmly, ref, set } from "../core/dom.ts";
import { historyColour } from "../core/history.ts";
import { drawAim } from "./aim.ts";
import { HOME, kept, look, moved, toward, zoomed, type Camera } from "./camera.ts";
import { coach } from "./coach.ts";
import { draw } from "./draw.ts";
import { Figures } from "./figures.ts";
import { Hand } from "./hand.ts";
import { drawLasso } from "./lasso.ts";
import { Keys } from "./keys.ts";
import { between, place, sameScene, walk, type Scene } from "./layout.ts";
import { commonIn } from "./kinds.ts";
import { Legend, tellRatio } from "./legend.ts";
import { detailOf, inSight, pauseOf, type Detail } from "./lod.ts";
import { Motion } from "./motion.ts";
import { readPalette, type Palette } from "./palette.ts";
import { Pointing } from "./pointing.ts";
import { tellNodes, tellWalk } from "./roster.ts";
import { Sprites } from "./sprites.ts";
import { drawTimers } from "./timers.ts";
import { placeTree } from "./tree.ts";
import { drawName, subjectNode, unnamed } from "./unnamed.ts";
import { tellState } from "./veil.ts";
import { Walk } from "./walk.ts";
import { watchLook } from "./watch.ts";

/** Sharper than this costs time and shows nothing. */
const DENSEST = 2;

/** A change of topology takes this long on the stage, as --calm does elsewhere. */
const TWEEN = 400;

/** The first nodes take longer: they come one after the other. */
const ENTRANCE = 1100;

/** So many lines of text are kept free above the nodes, and below. */
const LINES = 1.9;

/** One key press comes so much nearer. */
const KEY_ZOOM = 1.4;

const NOWHERE: Scene = { width: 0, height: 0, cells: [], spots: new Map() };

/** ClusterStage draws the store; it owns the frame loop. */
export class ClusterStage extends HTMLElement {
  private still!: CanvasRenderingContext2D;
  private moving!: CanvasRenderingContext2D;
  private palette!: Palette;
  private motion!: Motion;
  private sprites!: Sprites;
  private legend!: Legend;
  private hand!: Hand;
  private world = NOWHERE; // the picture as it is placed, on its way from one arrangement to the next
  private from = NOWHERE;
  private target = NOWHERE;
  private scene = NOWHERE; // the world as the camera sees it
  private camera: Camera = HOME;
  private detail: Detail = "full";
  private tweenStart = -Infinity;
  private entering = true;
  private painted = -Infinity;
  private dirty = true;
  private readonly costs = new Figures();
  private readonly walk = new Walk(() => this.scene);
  private readonly pointing = new Pointing({
    place: this,
    scene: () => this.scene,
    frameAt: (at) => this.motion.at(at.x, at.y, desk.flights, desk.times()),
    whereIs: (frame) => this.motion.where(frame, desk.flights, desk.times()),
  }, this.walk);

  connectedCallback(): void {
    this.still = ref<HTMLCanvasElement>(this, "still").getContext("2d")!;
    this.moving = ref<HTMLCanvasElement>(this, "moving").getContext("2d")!;
    this.palette = readPalette();
    this.sprites = new Sprites(this.palette, density());
    this.motion = new Motion(this.palette, this.sprites);
    this.legend = new Legend(ref(this, "legend"));
    watchLook(this, { resized: () => this.resize(), restyled: () => this.restyle(), calmed: (calm) => { this.motion.still = calm; } });
    this.watchStore();
    coach(this);
    this.listen();
    requestAnimationFrame(() => this.frame());
  }

  /** figures tells what the latest frames cost, in milliseconds. */
  figures(): ReturnType<Figures["tell"]> {
    return this.costs.tell();
  }

  private watchStore(): void {
    const { store } = desk;
    const roster = calmly(250, () => tellNodes(ref(this, "nodes"), store.nodes.peek(), desk.verdicts.peek(), desk.selected.peek(), this.walk.stop()));
    effect(() => {
      for (const n of store.nodes.value) if (n.stream) historyColour(n.replid); // in the order of the nodes, whoever is looked at first
      this.arrange();
      this.motion.dim = store.nodes.value.some((n) => n.election !== null);
      this.motion.follow(store.rules.value, (name) => store.node(name)?.port ?? 0);
      void [desk.verdicts.value, desk.selected.value, desk.focused.value, desk.picked.value, desk.observer.value];
      this.dirty = true;
      roster();
    });
    effect(() => {
      void [this.walk.subject.value, store.rules.value, store.held.value];
      tellWalk(ref(this, "walk"), this.walk);
      roster();
    });
    effect(() => awaitHeld());
    effect(() => tellState(this));
    effect(() => tellRatio(ref(this, "sample"), desk.ratio.value, desk.rehearsal.value));
    effect(() => {
      ref(this, "heal").hidden = store.rules.value.length === 0;
      set(this, "data-paused", store.clock.value.paused);
    });
    desk.reveal.on((name) => this.reveal(name));
    desk.zoom.on((step) => this.aim(step === 0 ? HOME : zoomed(this.camera, KEY_ZOOM ** step, this.world.width / 2, this.world.height / 2, this.world)));
  }

  private listen(): void {
    const nodes = ref(this, "nodes");
    this.hand = new Hand(nodes, {
      near: () => this.camera.k > 1,
      zoom: (factor, at) => this.aim(zoomed(this.camera, factor, at.x, at.y, this.world)),
      pan: (dx, dy) => this.aim(moved(this.camera, dx, dy, this.world)),
      lasso: (points, done) => this.pointing.lasso(points, done),
      menu: (at, event) => this.pointing.menu(at, event),
    });
    nodes.addEventListener("click", (event) => this.hand.clicked() && this.pointing.choose(event));
    nodes.addEventListener("pointermove", (event) => this.pointing.point(event));
    nodes.addEventListener("pointerleave", () => this.pointing.point(null));
    nodes.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      this.pointing.menu({ x: event.offsetX, y: event.offsetY }, event);
    });
    const keys = new Keys(this.walk, {
      scene: () => this.scene,
      pan: (dx, dy) => this.aim(moved(this.camera, dx, dy, this.world)),
      reveal: (name) => this.reveal(name),
      pick: (name) => this.pointing.pick(name),
      open: () => this.open(),
    });
    nodes.addEventListener("keydown", (event) => keys.press(event));
  }

  /** enter gives the keyboard to the nodes, and chooses one if none is. */
  enter(): void {
    ref(this, "nodes").focus();
    desk.selected.value ??= walk(this.scene, null, 0, 1);
  }

  /** turn lets the keyboard walk among nodes, links or held frames, in turn. */
  turn(): void {
    ref(this, "nodes").focus();
    this.walk.turn();
  }

  /** open opens the menu of what the keyboard is on. */
  open(): void {
    ref(this, "nodes").focus();
    this.pointing.open();
  }

  /** reveal brings a node into sight. */
  private reveal(name: string): void {
    const spot = this.world.spots.get(name);
    if (spot) this.aim(toward(this.camera, spot, this.world));
  }

  /** aim turns the camera. */
  private aim(camera: Camera): void {
    if (camera === this.camera) return;
    this.camera = camera;
    set(this, "data-near", camera.k > 1);
    this.settle();
  }

  private resize(): void {
    for (const pen of [this.still, this.moving]) {
      pen.canvas.width = Math.round(this.clientWidth * density());
      pen.canvas.height = Math.round(this.clientHeight * density());
      pen.setTransform(density(), 0, 0, density(), 0, 0);
    }
    this.sprites.look(this.palette, density());
    const before = this.target;
    this.arrange();
    if (this.target !== before && before.spots.size > 0) this.world = this.target;
    this.camera = kept(this.camera, this.world);
    this.settle();
    this.paint(performance.now());
  }

  private restyle(): void {
    this.palette = readPalette();
    this.sprites.look(this.palette, density());
    this.motion.look(this.palette);
    this.legend.again();
    this.arrange();
    this.dirty = true;
  }

  /** arrange places the nodes anew; when anything moved it begins a move that takes TWEEN. */
  private arrange(): void {
    const head = this.palette.text * LINES;
    const arranged = desk.kind.value === "cluster" ? place : placeTree;
    const next = arranged(desk.shown.value, this.clientWidth, this.clientHeight, { head, foot: head + ref(this, "foot").offsetHeight });
    if (sameScene(next, this.target)) return;
    this.entering = this.target.spots.size === 0;
    this.from = this.world;
    this.target = next;
    this.tweenStart = this.motion?.still ? -Infinity : performance.now();
  }

  private frame(): void {
    const now = performance.now();
    if (this.world !== this.target) {
      this.world = between(this.from, this.target, (now - this.tweenStart) / (this.entering ? ENTRANCE : TWEEN));
      this.settle();
    }
    if (this.dirty && now - this.painted >= pauseOf(this.scene.spots.size)) this.paint(now);
    this.costs.flights = this.motion.draw(this.moving, this.scene.width, this.scene.height, desk.flights, desk.times(now));
    if (this.detail === "full" && !desk.observer.peek()) drawTimers(this.moving, this.palette, this.scene, desk.shown.peek(), desk.flights.beats, desk.times(now).virtual);
    const lit = this.pointing.lit();
    drawAim(this.moving, this.palette, this.scene, lit);
    for (const name of unnamed(this.detail, this.scene, [subjectNode(lit.over), desk.selected.peek()])) drawName(this.moving, this.palette, this.scene, name);
    drawLasso(this.moving, this.palette, this.pointing.line);
    this.legend.show(this.motion.seen, this.palette, commonIn(desk.kind.peek()));
    this.costs.note(now, performance.now());
    requestAnimationFrame(() => this.frame());
  }

  /** settle takes the world, or the camera, as it is now. */
  private settle(): void {
    this.scene = look(this.world, this.camera);
    this.detail = detailOf(inSight(this.scene));
    this.sprites.simplify(this.detail);
    this.motion.settle(this.scene, new Map(desk.store.nodes.peek().map((n) => [n.port, n.name])));
    this.dirty = true;
    this.painted = -Infinity;
  }

  private paint(now: number): void {
    this.dirty = false;
    this.painted = now;
    this.costs.stills++;
    const observer = desk.observer.peek();
    draw(this.still, {
      scene: this.scene,
      nodes: desk.shown.peek(),
      verdicts: desk.verdicts.peek(),
      rules: observer ? [] : desk.store.rules.peek(), // what is done to links, no node is told
      selected: desk.selected.peek(),
      focused: desk.focused.peek(),
      picked: desk.picked.peek(),
      viewAs: observer,
      kind: desk.kind.peek(),
      target: desk.store.load.peek().target ?? "",
      detail: this.detail,
      palette: this.palette,
    });
  }
}

function density(): number {
  return Math.min(DENSEST, devicePixelRatio);
}

/** awaitHeld lets the frames that wait be seen; those of a film fly in it already. */
function awaitHeld(): void {
  const { held, nodes, instant } = desk.store;
  if (desk.past.head.value === null) desk.flights.wait(held.value.map((h) => frameOf(h, nodes.peek(), instant.peek().now)), desk.times());
}
