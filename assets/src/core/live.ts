// What only somebody who looks needs: asked for once a second while it is shown.

import { effect } from "@preact/signals-core";
import { desk } from "./desk.ts";

/** How often something that is shown asks anew, in milliseconds. */
const EVERY = 1000;

/**
 * whileShown calls f at once and every second for as long as shown says so, the page is seen and
 * the server is there. shown reads signals.
 */
export function whileShown(shown: () => boolean, f: () => void): void {
  let timer = 0;
  const ask = () => {
    if (document.visibilityState === "visible" && desk.store.connection.peek() === "live") f();
  };
  effect(() => {
    clearInterval(timer);
    if (!shown() || desk.store.connection.value !== "live") return;
    ask();
    timer = window.setInterval(ask, EVERY);
  });
}
