// What only an open map asks for: the loads of all slots, and the keys of one.

import { signal } from "@preact/signals-core";
import { get } from "../core/api.ts";
import { desk } from "../core/desk.ts";
import { whileShown } from "../core/live.ts";
import { Loads, type SlotLoads } from "./loads.ts";

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

/** watchLoads keeps the loads fresh while the map is open. */
export function watchLoads(): void {
  whileShown(() => desk.scene.value === "slots", () => void look());
}

async function look(): Promise<void> {
  try {
    loads.take(await get<SlotLoads>("/api/labs/main/slots"));
    looks.value++;
  } catch {
    // The server is away; the status bar says so, and the next second asks again.
  }
}
