// The Sentinels panel: what all of them think of everybody, and how far one of them is: its failover,
// its votes, its file.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, ref, say } from "../core/dom.ts";
import type { NodeView } from "../core/wire.ts";
import { t } from "../core/words.ts";
import { fillConf } from "./conf.ts";
import { fillFailover } from "./failover.ts";
import { fillMatrix } from "./matrix.ts";

/** The panel is drawn anew at most so often, in milliseconds; its countdowns run by themselves. */
const PAUSE = 200;
const TICK = 250;

/** start fills the panel and keeps it up to date. */
export function start(panel: HTMLElement): void {
  const render = calmly(PAUSE, () => {
    if (panel.checkVisibility()) fill(panel);
  });
  effect(() => {
    void [desk.store.nodes.value, desk.selected.value];
    render();
  });
  new ResizeObserver(() => render()).observe(panel);
  setInterval(() => {
    const guard = subjectOf(desk.store.nodes.peek(), desk.selected.peek());
    if (guard && panel.checkVisibility()) fillFailover(panel, guard, desk.times().virtual);
  }, TICK);
  fill(panel);
}

/** subjectOf is the Sentinel that is shown: the chosen one, else the one that is at work, else the first. */
export function subjectOf(nodes: readonly NodeView[], selected: string | null): NodeView | undefined {
  const guards = nodes.filter((n) => n.sentinel);
  const working = (n: NodeView) => n.state === "up" && n.sentinel!.watches.some((w) => w.failover.state !== "none");
  return guards.find((n) => n.name === selected) ?? guards.find(working) ?? guards[0];
}

function fill(panel: HTMLElement): void {
  const nodes = desk.store.nodes.peek();
  const guard = subjectOf(nodes, desk.selected.peek());
  ref(panel, "board").hidden = guard === undefined;
  if (!guard) return;
  fillMatrix(panel, nodes, guard.name);
  say(ref(panel, "who"), t("sentinels.single", { node: guard.name }));
  fillFailover(panel, guard, desk.times().virtual);
  fillConf(panel, guard.sentinel!);
}
