// What only an open map asks for: the loads of all slots, and the keys of one.

import { labAPI } from "../core/lab.ts";
import { effect, signal } from "@preact/signals-core";
import { get } from "../core/api.ts";
import { desk } from "../core/desk.ts";
import { calmly } from "../core/dom.ts";
import { whileShown } from "../core/live.ts";
import { Loads, type SlotLoads } from "./loads.ts";

/** The film is looked at for every second of the lab's time, and no more often than so, in milliseconds. */
const SECOND = 1000;
const FILM = 300;

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

/** The moment of the past that the loads are of; null is the present. */
let shownAt: number | null = null;

/** holdersOf asks who holds keys of a slot. */
export async function holdersOf(slot: number): Promise<Holder[]> {
  return (await get<{ holders: Holder[] }>(labAPI(`/slots/${slot}`))).holders;
}

/** watchLoads keeps the loads fresh while the map is open: the present's, or those of the moment shown. */
export function watchLoads(): void {
  const shown = () => desk.scene.value === "slots";
  whileShown(shown, () => void look());
  const soon = calmly(FILM, () => void look());
  effect(() => {
    void desk.past.head.value;
    if (shown()) soon();
  });
}

async function look(): Promise<void> {
  const head = desk.past.head.peek();
  const at = head === null ? null : Math.floor(head / SECOND) * SECOND;
  if (at !== null && at === shownAt) return;
  try {
    const answer = await get<SlotLoads>(labAPI(at === null ? "/slots" : `/slots?t=${at}`));
    if ((at === null) !== (desk.past.head.peek() === null)) return; // another time is shown by now
    if (answer.now === 0) loads.clear(); // the moment lies before the first record
    else if (at === null && shownAt === null) loads.take(answer);
    else loads.show(answer); // what was loaded of another time says nothing of the rate
    shownAt = at;
  } catch {
    if (at === null) return; // the server is away; the status bar says so, and the next second asks again
    loads.clear();
    shownAt = at;
  }
  looks.value++;
}
