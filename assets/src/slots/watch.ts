// What only an open map asks for: the loads of all slots, and the keys of one.

import { effect, signal } from "@preact/signals-core";
import { get } from "../core/api.ts";
import { desk } from "../core/desk.ts";
import { Loads, type SlotLoads } from "./loads.ts";

/** How often an open place asks anew, in milliseconds. */
const EVERY = 1000;

/** What one node holds of a slot. */
export interface Holder {
  node: string;
  role: "master" | "replica";
  keys: number;
  names: string[] | null;
}

/** loads is what is known of keys and commands per slot; looks counts the answers. */
export const loads = new Loads();
export const looks = signal(0);

/** holdersOf asks who holds keys of a slot. */
export async function holdersOf(slot: number): Promise<Holder[]> {
  return (await get<{ holders: Holder[] }>(`/api/labs/main/slots/${slot}`)).holders;
}

/** whileOpen calls f at once and every second for as long as a place is shown and the page is seen. */
export function whileOpen(place: string, f: () => void): void {
  let timer = 0;
  const ask = () => {
    if (document.visibilityState === "visible" && desk.store.connection.peek() === "live") f();
  };
  effect(() => {
    clearInterval(timer);
    if (desk.place.value !== place || desk.store.connection.value !== "live") return;
    ask();
    timer = window.setInterval(ask, EVERY);
  });
}

/** watchLoads keeps the loads fresh while the map is open. */
export function watchLoads(): void {
  whileOpen("slots", () => void look());
}

async function look(): Promise<void> {
  try {
    loads.take(await get<SlotLoads>("/api/labs/main/slots"));
    looks.value++;
  } catch {
    // The server is away; the status bar says so, and the next second asks again.
  }
}
