// What a lab's kind leaves out of the page. An element with data-kinds is there for the kinds it names.

import { effect } from "@preact/signals-core";
import { desk } from "./desk.ts";
import { set } from "./dom.ts";
import type { Topology } from "./wire.ts";

/** Verbs and panels that only some kinds of lab have. */
const ONLY: Record<string, readonly Topology[]> = {
  "add-master": ["cluster"], "move-slots": ["cluster"], "move-step": ["cluster"], "move-run": ["cluster"], "move-abort": ["cluster"], rebalance: ["cluster"],
  slots: ["cluster"], beliefs: ["cluster"], bytes: ["cluster"], replicaof: ["replication", "chain", "sentinel"],
  rewire: ["replication", "chain", "sentinel"], replication: ["replication", "chain", "sentinel"], "add-sentinel": ["sentinel"], sentinels: ["sentinel"],
};

/** isIn reports whether a kind of lab has a verb or a panel. */
export function isIn(kind: Topology, name: string): boolean {
  return ONLY[name]?.includes(kind) ?? true;
}

/** fitPage hides what has no meaning in the lab's kind, for as long as the page lives. */
export function fitPage(): void {
  effect(() => {
    set(document.documentElement, "data-kind", desk.kind.value);
    fit(document);
  });
}

/** fit does so for a part of the page that has come since. */
export function fit(root: ParentNode): void {
  const kind = desk.kind.peek();
  for (const element of root.querySelectorAll<HTMLElement>("[data-kinds]")) {
    element.hidden = !element.dataset.kinds!.split(" ").includes(kind);
  }
}
