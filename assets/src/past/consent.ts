// Before the first action while the past is shown, the page asks: what is done is done now.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";

/** bindConsent lets the dialog ask, once for every visit to the past. */
export function bindConsent(): void {
  const dialog = document.getElementById("consent") as HTMLDialogElement | null;
  if (!dialog) return;
  let given = false;
  effect(() => {
    if (desk.past.head.value === null) given = false;
  });
  desk.consent = () => {
    if (given) return Promise.resolve(true);
    return new Promise((answer) => {
      dialog.returnValue = "";
      dialog.addEventListener("close", () => {
        given = dialog.returnValue === "act";
        answer(given);
      }, { once: true });
      dialog.showModal();
    });
  };
}
