// What a lab's kind leaves out of the page. An element with data-kinds is there for the kinds it names.

import { effect } from "@preact/signals-core";
import { desk } from "./desk.ts";
import { set } from "./dom.ts";

/** fitPage hides what has no meaning in the lab's kind, for as long as the page lives. */
export function fitPage(): void {
  effect(() => {
    const kind = desk.kind.value;
    set(document.documentElement, "data-kind", kind);
    for (const element of document.querySelectorAll<HTMLElement>("[data-kinds]")) {
      element.hidden = !element.dataset.kinds!.split(" ").includes(kind);
    }
  });
}
