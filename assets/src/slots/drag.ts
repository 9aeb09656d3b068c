// The mouse on the map: press and pull to choose a band, pull a chosen band onto a master.

import { band, cursor, hover, target } from "./picked.ts";
import { bandOf, inBand } from "./grid.ts";

/** A pull shorter than this, in pixels, is a click. */
const CLICK = 4;

/** What a press began: a choice from a slot on, or the carrying of the chosen band. */
type Press = { kind: "choose" | "carry"; slot: number; x: number; y: number; moved: boolean };

/** bindDrag makes an element choose and carry bands; at tells which slot lies under the pointer. */
export function bindDrag(element: HTMLElement, at: (event: PointerEvent) => number): void {
  let press: Press | null = null;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const slot = at(event);
    press = { kind: inBand(band.peek(), slot) ? "carry" : "choose", slot, x: event.clientX, y: event.clientY, moved: false };
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    hover.value = at(event);
    if (!press) return;
    press.moved ||= Math.hypot(event.clientX - press.x, event.clientY - press.y) >= CLICK;
    if (press.moved && press.kind === "choose") band.value = bandOf(press.slot, at(event));
    if (press.moved && press.kind === "carry") light(under(event));
  });
  element.addEventListener("pointerup", (event) => {
    if (press && !press.moved) click(press.slot);
    else if (press?.kind === "carry") drop(under(event));
    press = null;
    light(null);
  });
  element.addEventListener("pointercancel", () => {
    press = null;
    light(null);
  });
  element.addEventListener("pointerleave", () => {
    hover.value = null;
  });
}

function click(slot: number): void {
  cursor.value = slot;
  band.value = null;
}

/** under is the master of the list on which the pointer is. */
function under(event: PointerEvent): HTMLElement | null {
  return document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-master]") ?? null;
}

function drop(onto: HTMLElement | null): void {
  if (onto) target.value = onto.dataset.master!;
}

/** light marks the master that would take the band. */
function light(onto: HTMLElement | null): void {
  for (const lit of document.querySelectorAll("[data-master][data-over]")) if (lit !== onto) lit.removeAttribute("data-over");
  onto?.setAttribute("data-over", "");
}
