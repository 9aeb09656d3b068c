// One hint, once in a browser's life: what to do first. It goes when it was read, or done.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { ref } from "../core/dom.ts";
import { isDown } from "../core/verdict.ts";

/** So long, in milliseconds, a newcomer looks before somebody says what to do. */
const LOOKING = 6000;

const KEPT = "playground.coached";

/** coach shows the hint when the lab has been there for a while and nobody has killed a node. */
export function coach(stage: Element): void {
  if (isCoached()) return;
  const hint = ref(stage, "coach");
  const done = () => {
    hint.hidden = true;
    remember();
    stop();
  };
  let timer = 0;
  const stop = effect(() => {
    if (!desk.store.loaded.value || desk.store.connection.value !== "live") return;
    if (desk.store.nodes.value.some(isDown)) queueMicrotask(done);
    else timer ||= window.setTimeout(() => { hint.hidden = isCoached() || document.documentElement.dataset.role === "viewer"; }, LOOKING);
  });
  ref(stage, "coached").addEventListener("click", done);
}

function isCoached(): boolean {
  try {
    return localStorage.getItem(KEPT) !== null;
  } catch {
    return true; // where nothing can be kept, nobody is told the same thing again and again
  }
}

function remember(): void {
  try {
    localStorage.setItem(KEPT, "yes");
  } catch {
    // Then the hint comes back with the next page; nothing else is lost.
  }
}
