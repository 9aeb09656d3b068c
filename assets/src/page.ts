// What the page itself can do: the data-do buttons and the keys, which are the same actions.

import { commandFor } from "./core/command.ts";
import { desk, type Scene } from "./core/desk.ts";
import { set } from "./core/dom.ts";
import { effect } from "@preact/signals-core";
import { clockTime } from "./core/format.ts";
import { recall } from "./core/keep.ts";
import { neighbour, SPEEDS } from "./core/speeds.ts";
import type { CommandPalette } from "./panels/palette.ts";
import { director } from "./past/director.ts";
import type { TimeLine } from "./past/line.ts";
import type { RoomPanel } from "./panels/room.ts";
import type { RedisTerm } from "./panels/terminal.ts";
import { toggleView } from "./panels/inspector.ts";
import { fitPage } from "./core/kinds.ts";
import { openLabs } from "./late.ts";
import { bindRoute, PLACES, type Place } from "./core/route.ts";
import { t } from "./core/words.ts";
import type { ClusterStage } from "./stage/stage.ts";

/** The themes, in the order in which the button walks through them. */
const THEMES = ["dark", "light", "auto"];

type Action = () => void;

/** Actions on the whole lab or page, by the name that data-do carries. */
const actions: Record<string, Action> = {
  pause: () => void desk.run(desk.live.clock.peek().paused ? "resume" : "pause", {}),
  // Space stops what moves: the picture while the past is shown, else the lab.
  space: () => (desk.past.past ? desk.past.play() : actions.pause!()),
  "picture-play": () => desk.past.play(desk.past.past && !desk.past.playing.peek()),
  "picture-slower": () => desk.past.faster(-1),
  "picture-faster": () => desk.past.faster(1),
  "picture-back": () => timeLine()?.step(-1),
  "picture-next": () => timeLine()?.step(1),
  "second-back": () => timeLine()?.nudge(-1000),
  "second-on": () => timeLine()?.nudge(1000),
  live: () => desk.past.live(),
  director: () => director.toggle(),
  step: () => void desk.run("step", {}),
  slower: () => void changeSpeed(-1),
  faster: () => void changeSpeed(1),
  reset: () => void desk.run("reset", {}),
  heal: () => void desk.run("heal", {}),
  rebalance: () => void desk.run("rebalance", {}),
  mark: () => mark(),
  add: () => offerAdding(),
  "add-master": () => void desk.run(desk.kind.peek() === "cluster" ? "add-master" : "add-replica", {}),
  bytes: () => desk.show.tell("bytes"),
  moves: () => desk.kind.peek() === "cluster" && desk.show.tell("slots"),
  learn: () => visit(desk.place.peek() === "learn" ? "stage" : "learn"),
  "place-stage": () => visit("stage"),
  "place-slots": () => visit("slots"),
  "place-metrics": () => visit("metrics"),
  "place-learn": () => visit("learn"),
  theme: () => keep("theme", THEMES[(THEMES.indexOf(root().theme ?? "dark") + 1) % THEMES.length]!),
  language: () => speak(),
  projector: () => keep("mode", root().mode === "projector" ? "laptop" : "projector"),
  terminal: () => showTerminal(),
  "terminal-node": () => showTerminal(desk.chosen.peek()?.name),
  "end-script": () => endScript(),
  help: () => (document.getElementById("help") as HTMLDialogElement | null)?.showModal(),
  labs: () => void openLabs(),
  room: () => void document.querySelector<RoomPanel>("room-panel")?.open(),
  nearer: () => desk.zoom.tell(1),
  farther: () => desk.zoom.tell(-1),
  whole: () => desk.zoom.tell(0),
  palette: () => void document.querySelector<CommandPalette>("command-palette")?.open(),
  view: () => toggleView(),
  "walk-on": () => stage()?.turn(),
  "walk-in": () => stage()?.enter(),
  menu: () => stage()?.open(),
};

/** Keys that act on the chosen node, and keys that act on the lab or page. */
const nodeKeys: Record<string, string> = {
  k: "kill", r: "restart", p: "freeze", f: "failover", i: "isolate", N: "add-replica", Delete: "remove",
};
const pageKeys: Record<string, string> = {
  n: "add-master", m: "moves", h: "heal", " ": "space", ".": "step", "[": "slower", "]": "faster",
  "-": "picture-slower", "=": "picture-faster", ArrowLeft: "picture-back", ArrowRight: "picture-next", ArrowDown: "walk-in", ArrowUp: "walk-in", End: "live", d: "director",
  "+": "nearer", _: "farther", 0: "whole",
  1: "place-stage", 2: "place-slots", 3: "place-metrics", 4: "place-learn",
  g: "walk-on", o: "menu", b: "mark", v: "view", l: "learn", t: "theme", e: "language", j: "projector", w: "room", s: "labs", R: "reset", "?": "help", "`": "terminal",
};

/** With Shift, the arrows go a second. */
const shifted: Record<string, string> = { ArrowLeft: "second-back", ArrowRight: "second-on" };

/** stage is the stage while it is shown. */
const stage = () => (desk.scene.peek() === "stage" ? document.querySelector<ClusterStage>("cluster-stage") : null);

const timeLine = () => document.querySelector<TimeLine>("time-line");

const root = () => document.documentElement.dataset;

/** startPage restores the viewer's theme and mode and begins to listen. */
export function startPage(): void {
  for (const name of ["theme", "mode"]) {
    const kept = recall(name);
    if (kept) root()[name] = kept;
  }
  tellMode();
  bindRoute(() => desk.route(), (route) => desk.go(route));
  effect(() => showPlace(desk.place.value, desk.scene.value));
  fitPage();
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", pressed);
}

/** showTerminal puts the keyboard into the terminal, which may go to a node first. */
function showTerminal(node?: string): void {
  root().dock = "open";
  void document.querySelector<RedisTerm>("redis-term")?.open(node);
}

/** endScript types what ends the script that keeps the chosen node busy. */
function endScript(): void {
  const node = desk.chosen.peek();
  root().dock = "open";
  if (node?.busy) void document.querySelector<RedisTerm>("redis-term")?.send(node.name, node.busy);
}

function visit(place: Place): void {
  desk.place.value = place;
}

/** showPlace tells the style sheet what is shown, and the rail which button is pressed. */
function showPlace(place: Place, scene: Scene): void {
  root().place = place;
  root().scene = scene;
  for (const name of PLACES) {
    const button = document.querySelector(`.rail [data-place=${name}]`);
    if (button) set(button, "aria-current", name === place ? "page" : undefined);
    const section = document.querySelector<HTMLElement>(`.${name}-place`);
    if (section) section.hidden = name !== scene;
  }
}

/** asked is the speed last asked for, until the lab has answered: keys come faster than answers. */
let asked: number | null = null;

async function changeSpeed(direction: 1 | -1): Promise<void> {
  const factor = neighbour(SPEEDS, asked ?? desk.live.clock.peek().speed, direction);
  asked = factor;
  await desk.run("speed", { factor });
  if (asked === factor) asked = null;
}

function clicked(event: Event): void {
  const button = (event.target as Element).closest<HTMLElement>("button[data-do], button[data-verb]");
  if (!button) return;
  const { do: name, verb } = button.dataset;
  if (name) actions[name]?.();
  else if (verb && desk.chosen.peek()) desk.onNode(verb, desk.chosen.peek()!);
}

function pressed(event: KeyboardEvent): void {
  if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    return actions.palette?.();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape") return escape();
  if (takesKeys(event.target as Element, event.key)) return;
  const node = desk.chosen.peek();
  const onNode = nodeKeys[event.key];
  const onPage = (event.shiftKey ? shifted[event.key] : undefined) ?? pageKeys[event.key] ?? (nodeKeys[event.key.toLowerCase()] ? undefined : pageKeys[event.key.toLowerCase()]);
  if (onNode && desk.picked.peek().length > 1) desk.onPicked(onNode);
  else if (onNode && node) desk.onNode(onNode, node);
  else if (onPage) actions[onPage]?.();
  else return;
  event.preventDefault();
}

/** mark marks the present; a mark is an event, and those of the past have happened. */
function mark(): void {
  const args = { text: t("story.moment", { time: clockTime(desk.times().virtual) }) };
  if (desk.past.past) desk.ran.value = { command: commandFor("mark", args), error: t("past.nomark") };
  else void desk.run("mark", args);
}

/** offerAdding opens the menu of what can be added, at its button. */
function offerAdding(): void {
  const box = document.querySelector("[data-do=add]")!.getBoundingClientRect();
  desk.menu.tell({ subject: { kind: "stage" }, x: box.right, y: box.top });
}

/** takesKeys reports whether the focused element needs the key for itself. */
function takesKeys(target: Element, key: string): boolean {
  if (target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, dialog[open], .menu")) return true;
  if (/^(Arrow|End)/.test(key) && target.closest("[role=tab], [role=radio], [role=log], [role=listbox], .place")) return true;
  return key === " " && target.closest("button, input, [role=tab]") !== null;
}

function escape(): void {
  desk.viewAs.value = null;
  desk.picked.value = [];
  delete root().side;
  delete root().dock;
}

/** speak shows the same moment in the other language; the server remembers the choice. */
function speak(): void {
  const query = new URLSearchParams(location.search);
  query.set("lang", t("language.code"));
  location.search = query.toString();
}

function keep(name: "theme" | "mode", value: string): void {
  root()[name] = value;
  try {
    localStorage.setItem(`playground.${name}`, value);
  } catch {
    // A browser that forbids storage forgets the choice with the page; nothing else is lost.
  }
  tellMode();
}

function tellMode(): void {
  for (const button of document.querySelectorAll("[data-do=projector]")) {
    set(button, "aria-pressed", String(root().mode === "projector"));
  }
  for (const button of document.querySelectorAll("[data-do=theme]")) {
    set(button, "title", t("status.themeis", { theme: `@theme.${root().theme}` }));
  }
}
