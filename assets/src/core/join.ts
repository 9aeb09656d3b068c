// The page on which a class joins: a code, a name, and the reason when it does not work.

import { HEADERS } from "./api.ts";
import { say } from "./dom.ts";
import { recall } from "./keep.ts";

/** startJoin makes the form work, in the theme that this browser wants. */
export function startJoin(form: HTMLFormElement): void {
  document.documentElement.dataset.theme = recall("theme") ?? "auto";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void join(form);
  });
}

async function join(form: HTMLFormElement): Promise<void> {
  const fields = new FormData(form);
  const body = JSON.stringify({ code: String(fields.get("code") ?? ""), name: String(fields.get("name") ?? "") });
  let status = 0;
  try {
    status = (await fetch("/api/join", { method: "POST", headers: HEADERS, body })).status;
  } catch {
    // The console is away; that is said below.
  }
  if (status === 200) return void location.assign("/");
  const refusal = form.querySelector<HTMLElement>("[data-refusal]");
  if (!refusal) return;
  say(refusal, refusal.getAttribute(`data-said-${status}`) ?? refusal.getAttribute("data-said-else") ?? "");
  refusal.hidden = false;
  form.querySelector<HTMLInputElement>("input[name=code]")?.select();
}
