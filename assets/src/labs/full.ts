// The full computer: of what there is too little, who uses it, and buttons that make room.

import { el, list, ref, say } from "../core/dom.ts";
import { count } from "../core/format.ts";
import { MAIN_LAB } from "../core/lab.ts";
import { t } from "../core/words.ts";
import type { Labs, Resource, Share, Standing } from "./api.ts";
import { fitting, serversOf, type Wish } from "./form.ts";

/** The resources in the order in which they are drawn. */
export const RESOURCES: readonly Resource[] = ["labs", "nodes", "files", "memory"];

/** So many nodes has a small lab: three masters with a replica each. */
const SMALL = 6;

/** A refusal for want of room. */
export interface Shortage {
  wish: Wish;
  full: Resource;
  room: number; // for so many nodes there is room
}

/** What the buttons do. */
export interface Ways {
  ask(wish: Wish): void;
  close(id: string): void;
  shrink(id: string): void;
}

/** amount writes how much of a resource something is. */
export function amount(resource: Resource, n: number): string {
  return resource === "memory" ? t("labs.mb", { n: count(Math.round(n / 2 ** 20)) }) : count(n);
}

/** drawMachine fills the list of what is used; the resource that is short is marked. */
export function drawMachine(root: Element, now: Labs, short: Resource | null): void {
  list(root, RESOURCES, (r) => r, (r) => el(
    "li", {}, el("span", {}, t(`labs.${r}`)), el("progress", { "aria-label": t(`labs.${r}`) }), el("span", { class: "amount" }),
  ), (row, r) => {
    const share: Share = now.machine[r];
    row.toggleAttribute("data-full", r === short || share.used >= share.most);
    const bar = row.querySelector("progress")!;
    bar.max = Math.max(1, share.most);
    bar.value = share.used;
    say(row.lastElementChild!, t("labs.of", { used: amount(r, share.used), most: amount(r, share.most) }));
  });
}

/** One way out: what its button says, what that frees, and what it does. */
interface Way {
  key: string;
  label: string;
  what: string;
  go(): void;
}

/** drawFull says what is short and offers the ways out. sure is the lab that the next press closes. */
export function drawFull(root: HTMLElement, now: Labs, s: Shortage | null, sure: string, ways: Ways): void {
  root.hidden = s === null;
  if (!s) return;
  const { used, most } = now.machine[s.full];
  say(ref(root, "fulltitle"), t("labs.fulltitle", { what: `@labs.${s.full}` }));
  say(ref(root, "fullwhy"), s.full === "labs" ? t("labs.fulllabs", { most: count(most) }) : t("labs.fullwhy", {
    n: count(serversOf(s.wish)), room: count(s.room), used: amount(s.full, used), most: amount(s.full, most),
  }));
  const out = waysOut(now, s, sure, ways);
  list(ref(root, "ways"), out, (w) => w.key, (w) => el(
    "li", {}, el("button", { type: "button", click: () => w.go() }), el("span", { class: "hint" }),
  ), (row, w) => {
    say(row.firstElementChild!, w.label);
    row.firstElementChild!.toggleAttribute("data-sure", w.key === `close-${sure}`);
    say(row.lastElementChild!, w.what);
  });
}

/** waysOut are the ways out, the gentlest first. What a button does is in its key, for it outlives a look. */
function waysOut(now: Labs, s: Shortage, sure: string, ways: Ways): Way[] {
  const smaller = s.full === "labs" ? null : fitting(s.wish, s.room);
  const out: Way[] = [];
  if (smaller) {
    const n = serversOf(smaller);
    out.push({ key: `ask-${n}-${smaller.kind}`, label: t("labs.askless", { n: count(n) }), what: "", go: () => ways.ask(smaller) });
  }
  if (s.full === "files" && !s.wish.memory) {
    out.push({ key: `memory-${serversOf(s.wish)}-${s.wish.kind}`, label: t("labs.inmemory"), what: t("labs.inmemoryhelp"), go: () => ways.ask({ ...s.wish, memory: true }) });
  }
  const main = now.labs[0];
  if (s.full !== "labs" && main?.kind === "cluster" && main.nodes > SMALL) {
    out.push({ key: "shrink", label: t("labs.shrink"), what: frees(main, SMALL), go: () => ways.shrink(main.id) });
  }
  for (const lab of now.labs.filter((l) => l.id !== MAIN_LAB)) {
    const label = t(sure === lab.id ? "labs.sure" : "labs.closeit", { lab: lab.id });
    out.push({ key: `close-${lab.id}`, label, what: frees(lab, 0), go: () => ways.close(lab.id) });
  }
  return out;
}

/** frees says what is free when so many nodes of a lab are left. */
function frees(lab: Standing, left: number): string {
  const part = (n: number) => n * (lab.nodes - left) / Math.max(1, lab.nodes);
  return t("labs.frees", { nodes: count(lab.nodes - left), files: count(Math.round(part(lab.files))), memory: amount("memory", part(lab.memory)) });
}
