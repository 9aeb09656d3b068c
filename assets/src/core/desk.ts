// The desk: the store, what the viewer has chosen, and the one way to act. Every panel shares it.

import { batch, computed, signal } from "@preact/signals-core";
import { actionOn, actionsOn, type Subject } from "./actions.ts";
import { refusalOf } from "./refusal.ts";
import { act, pastAt, pastBetween } from "./api.ts";
import { commandFor } from "./command.ts";
import { Flights, type Times } from "../stage/flights.ts";
import type { Frames } from "./frames.ts";
import { Ratio } from "./ratio.ts";
import { Store } from "./store.ts";
import { seenBy, verdictsOf } from "./verdict.ts";
import { Past } from "../past/past.ts";
import type { Place, Route } from "./route.ts";
import type { Args, NodeView, ServerMessage } from "./wire.ts";

/** The last thing asked of the lab, as a command, and the refusal if there was one. */
export interface Ran {
  command: string;
  error: string;
}

/** Scene is a place that can fill the middle of the page. */
export type Scene = Exclude<Place, "learn">;

type Listener<T> = (value: T) => void;

/** Channel hands values to whoever listens; nothing is kept. */
export class Channel<T> {
  private readonly listeners: Listener<T>[] = [];

  /** on adds a listener. */
  on(listener: Listener<T>): void {
    this.listeners.push(listener);
  }

  /** tell calls every listener. */
  tell(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
}

/** Desk is the page's shared state. */
export class Desk {
  readonly store = new Store(); // what is shown
  readonly live = new Store(); // what is; the same, unless the past is shown
  readonly flights = new Flights();
  readonly past = new Past({
    store: this.store, live: this.live, flights: this.flights,
    present: () => this.present(),
    sampled: (shown, total) => this.tellRatio(shown, total),
  }, { at: pastAt, between: pastBetween });
  readonly place = signal<Place>("stage");
  readonly lesson = signal("");
  readonly beside = signal<Scene>("stage"); // what a lesson shows beside its text
  readonly at = signal<number | null>(null); // the moment shown, in lab milliseconds; null is live
  readonly selected = signal<string | null>(null);
  readonly viewAs = signal<string | null>(null);
  readonly focused = signal<string[]>([]);
  readonly picked = signal<string[]>([]); // nodes that a lasso went around
  readonly caption = signal<string | null>(null);
  readonly ran = signal<Ran | null>(null);
  readonly rehearsal = signal<string | null>(null); // what is made up, when nothing shown is real
  readonly ratio = signal(1); // one of so many frames is sent to the page
  readonly show = new Channel<string>();
  readonly reveal = new Channel<string>(); // a node that shall be in sight on the stage
  readonly zoom = new Channel<number>(); // steps nearer, or farther; 0 is the whole picture
  readonly menu = new Channel<{ subject: Subject; x: number; y: number }>();
  readonly link = new Channel<{ from: string; to: string }>(); // the link whose form is asked for
  private readonly sent = new Ratio();
  send: (message: Record<string, unknown>) => boolean = () => false;
  consent: () => Promise<boolean> = () => Promise.resolve(true); // asked before acting while the past is shown

  /** kind is what sort of lab it is. */
  readonly kind = computed(() => this.store.summary.value.topology);

  /** scene is what fills the middle of the page: the place itself, or what a lesson shows. Only a cluster has slots. */
  readonly scene = computed<Scene>(() => {
    const scene = this.place.value === "learn" ? this.beside.value : this.place.value;
    return scene === "slots" && this.kind.value !== "cluster" ? "stage" : scene;
  });

  /** chosen is the selected node, complete. */
  readonly chosen = computed(() => this.store.nodes.value.find((n) => n.name === this.selected.value) ?? null);

  /** verdicts is what the nodes that are up think of each other, counted. */
  readonly verdicts = computed(() => verdictsOf(this.store.nodes.value));

  /** observer is the node whose eyes the stage uses, or null for the lab's own. */
  readonly observer = computed(() => this.store.nodes.value.find((n) => n.name === this.viewAs.value) ?? null);

  /** shown is the nodes as the stage draws them: as they are, or as the observer believes them to be. */
  readonly shown = computed(() => {
    const observer = this.observer.value;
    const nodes = this.store.nodes.value;
    return observer ? nodes.map((n) => seenBy(observer, n)) : nodes;
  });

  /** route is what the address says of the page as it is. */
  route(): Route {
    const at = this.at.value;
    return {
      place: this.place.value, node: this.selected.value ?? "", as: this.viewAs.value ?? "",
      t: at === null ? "" : String(Math.round(at)), lesson: this.lesson.value,
    };
  }

  /** go shows what an address says. */
  go(route: Route): void {
    const at = Number(route.t);
    batch(() => {
      this.place.value = route.place;
      this.lesson.value = route.lesson;
      this.selected.value = route.node || null;
      this.viewAs.value = route.as || null;
      this.at.value = route.t && Number.isFinite(at) ? at : null;
    });
  }

  /** times reads the clock of what is shown: the lab's, or the film's. */
  times(wall = performance.now()): Times {
    const film = this.past.times();
    if (film) return film;
    const { speed, paused } = this.live.clock.peek();
    return { virtual: this.present(wall), wall, speed: paused ? 0 : speed };
  }

  /** present is the lab's time at this moment, whatever is shown. */
  present(wall = performance.now()): number {
    const { now, heard } = this.live.instant.peek();
    const { speed, paused } = this.live.clock.peek();
    return now + (wall - heard) * (paused ? 0 : speed);
  }

  /** hear takes a message about the lab in and shows it, unless the past is shown. */
  hear(message: ServerMessage, heard: number): boolean {
    if (!this.live.apply(message, heard)) return false;
    if (this.past.past) return true;
    if (message.type !== "batch") this.flights.clear();
    this.store.show(this.live);
    return true;
  }

  /** fly takes a binary message's frames into the air. */
  fly(frames: Frames): void {
    if (this.past.past) return;
    this.flights.add(frames.list, this.times());
    this.tellRatio(frames.list.length, frames.total);
  }

  private tellRatio(shown: number, total: number): void {
    this.sent.add(shown, total);
    this.ratio.value = this.sent.of;
  }

  /** run asks the lab to act, shows the command it equals, and reports whether it was done. */
  async run(verb: string, args: Args): Promise<boolean> {
    if (this.past.auto.peek()) this.past.live(); // nobody chose this past
    else if (this.past.past && !(await this.consent())) return false;
    this.ran.value = { command: commandFor(verb, args), error: "" };
    const reply = await act(verb, args);
    const command = "command" in reply && reply.command ? reply.command : commandFor(verb, args);
    if ("error" in reply) {
      this.ran.value = { command, error: refusalOf(reply) };
      return false;
    }
    this.ran.value = { command, error: "" };
    return true;
  }

  /** runAll runs verbs one after the other, up to the first refusal, and shows them as one line. */
  async runAll(runs: readonly (readonly [string, Args])[]): Promise<boolean> {
    for (const [verb, args] of runs) if (!await this.run(verb, args)) return false;
    if (runs.length > 1) this.ran.value = { command: runs.map(([verb, args]) => commandFor(verb, args)).join(" && "), error: "" };
    return true;
  }

  /** onNode does what a node's button says; what is done, is done now, also while the past is shown. */
  onNode(action: string, shown: NodeView): void {
    void this.run(...actionOn(action, this.live.node(shown.name) ?? shown, this.live.nodes.peek()));
  }

  /** onPicked does the same to every node that a lasso went around. */
  onPicked(action: string): void {
    const nodes = this.live.nodes.peek();
    void this.runAll(actionsOn(action, nodes.filter((n) => this.picked.peek().includes(n.name)), nodes));
  }
}

/** desk is the one desk of the page. */
export const desk = new Desk();
