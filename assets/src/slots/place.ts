// The Slots place: everything that stands in it, fetched together.

export { SlotCard } from "./card.ts";
export { SlotFinder } from "./finder.ts";
export { SlotMap } from "./map.ts";
