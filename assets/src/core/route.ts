// The address holds what a viewer looks at, so that a trainer can paste a moment: the place, the
// chosen node, the eyes it is seen with, the time, and the lesson. What is not said is the default.

import { effect } from "@preact/signals-core";

/** What the address says. Empty strings and the first place are left out of it. */
export interface Route {
  place: Place;
  node: string;
  as: string;
  t: string;
  lesson: string;
}

/** The screens of the console, in the order of the rail. */
export const PLACES = ["stage", "slots", "metrics", "learn"] as const;

/** One of the screens. */
export type Place = (typeof PLACES)[number];

const NAMES: Record<keyof Route, string> = { place: "view", node: "node", as: "as", t: "t", lesson: "lesson" };

/** readRoute reads an address' query; what it does not understand is the default. */
export function readRoute(query: string): Route {
  const given = new URLSearchParams(query);
  const text = (name: keyof Route) => given.get(NAMES[name]) ?? "";
  const place = PLACES.find((p) => p === text("place")) ?? PLACES[0];
  return { place, node: text("node"), as: text("as"), t: text("t"), lesson: text("lesson") };
}

/** writeRoute puts a route into a query and leaves its other parameters, such as lang, as they are. */
export function writeRoute(query: string, route: Route): string {
  const out = new URLSearchParams(query);
  for (const [field, name] of Object.entries(NAMES) as [keyof Route, string][]) {
    const value = route[field];
    if (value === "" || value === PLACES[0]) out.delete(name);
    else out.set(name, value);
  }
  const text = out.toString();
  return text ? `?${text}` : "";
}

/**
 * bindRoute keeps address and page together. now reads the page's signals; go changes them. A new
 * place or lesson is a step that Back undoes; anything else replaces the address in place.
 */
export function bindRoute(now: () => Route, go: (route: Route) => void): void {
  go(readRoute(location.search));
  let last = readRoute(location.search);
  effect(() => {
    const route = now();
    const query = writeRoute(location.search, route);
    if (query === location.search) return;
    const step = route.place !== last.place || route.lesson !== last.lesson;
    last = route;
    history[step ? "pushState" : "replaceState"](null, "", location.pathname + query + location.hash);
  });
  addEventListener("popstate", () => {
    last = readRoute(location.search);
    go(last);
  });
}
