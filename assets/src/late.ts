// Places that are not there from the start: what they need is fetched when they are first shown.

import { effect } from "@preact/signals-core";
import { desk } from "./core/desk.ts";
import type { LabList } from "./labs/panel.ts";

type Elements = Record<string, CustomElementConstructor>;

/** The elements of each such place, by the place's name. */
const PLACES: Record<string, () => Promise<Elements>> = {
  learn: async () => ({ "lesson-panel": (await import("./learn/panel.ts")).LessonPanel }),
  slots: async () => {
    const { SlotCard, SlotFinder, SlotMap } = await import("./slots/place.ts");
    return { "slot-card": SlotCard, "slot-finder": SlotFinder, "slot-map": SlotMap };
  },
};

const fetched = new Set<string>();

/** bindLate fetches a place when it is shown, and again at the next visit when that failed. */
export function bindLate(): void {
  effect(() => {
    for (const place of new Set<string>([desk.place.value, desk.scene.value])) void fetchPlace(place);
  });
}

async function fetchPlace(place: string): Promise<void> {
  const get = PLACES[place];
  if (!get || fetched.has(place)) return;
  fetched.add(place);
  try {
    for (const [name, element] of Object.entries(await get())) customElements.define(name, element);
  } catch {
    fetched.delete(place);
  }
}

/** openLabs shows the list of the labs, which is fetched the first time. */
export async function openLabs(): Promise<void> {
  const { LabList } = await import("./labs/panel.ts");
  if (!customElements.get("lab-list")) customElements.define("lab-list", LabList);
  document.querySelector<LabList>("lab-list")?.open();
}
