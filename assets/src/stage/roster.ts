// The stage in words: one invisible option for every node, for keyboards and screen readers, and one
// for the link or frame that the keyboard is on.

import { el, list, say, set } from "../core/dom.ts";
import { CALM, conditionOf, plain, type Verdict } from "../core/verdict.ts";
import type { NodeView } from "../core/wire.ts";
import { t } from "../core/words.ts";
import type { Stop, Walk } from "./walk.ts";

/** tellNodes makes the list follow the nodes, and the keyboard that may have stopped elsewhere. */
export function tellNodes(box: Element, nodes: readonly NodeView[], verdicts: ReadonlyMap<string, Verdict>, selected: string | null, stop: Stop | null): void {
  const options = nodes.map((n) => ({ id: n.name, text: entry(n, verdicts.get(n.name) ?? CALM), on: stop === null && n.name === selected }));
  if (stop) options.push({ ...stop, on: true });
  list(box, options, (o) => o.id, (o) => el("li", { role: "option", id: `node-${o.id}` }), (item, o) => {
    say(item, o.text);
    set(item, "aria-selected", String(o.on));
  });
  const on = options.find((o) => o.on); // the address may name a node that is not there yet
  set(box, "aria-activedescendant", on && `node-${on.id}`);
}

/** entry is a node in a line of words. */
export function entry(n: NodeView, verdict: Verdict): string {
  return t(plain(n) ? "stage.plainentry" : "stage.entry", { node: n.name, role: t(`role.${n.role}`), shard: n.shard, condition: conditionOf(n, verdict) });
}

/** tellWalk says for the eye what the keyboard is on, and which keys go on from there. */
export function tellWalk(note: HTMLElement, walk: Walk): void {
  const stop = walk.stop();
  note.hidden = stop === null;
  if (stop) say(note, `${stop.text} · ${t(walk.among.peek() === "links" ? "walk.links" : "walk.frames")}`);
}
