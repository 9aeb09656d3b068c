// What the action forms share: choosing among nodes, previewing the command, sending.

import { desk } from "../core/desk.ts";
import { el, list, say } from "../core/dom.ts";
import { commandFor } from "../core/command.ts";
import { letterOf } from "../core/shard.ts";
import { isDown } from "../core/verdict.ts";
import type { Args, NodeView } from "../core/wire.ts";

/** bindForm previews a form's command as it changes and runs it when it is sent. */
export function bindForm(form: HTMLFormElement, verb: string, read: (data: FormData, submitter?: HTMLElement | null) => Args): () => void {
  const preview = () => {
    const code = form.querySelector("[data-preview]");
    if (code) say(code, commandFor(verb, read(new FormData(form))));
  };
  form.addEventListener("input", preview);
  form.addEventListener("change", preview);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void desk.run(verb, read(new FormData(form), event.submitter));
  });
  preview();
  return preview;
}

/** fillChoosers keeps every node select of a panel in step with the nodes; masters are those alive. */
export function fillChoosers(root: Element, nodes: readonly NodeView[]): void {
  for (const select of root.querySelectorAll<HTMLSelectElement>("select[data-nodes]")) {
    const fits = select.dataset.nodes === "masters" ? nodes.filter((n) => n.role === "master" && !isDown(n)) : nodes;
    const kept = select.value;
    list(select, fits, (n) => n.name, (n) => el("option", { value: n.name }), (option, n) => {
      say(option, `${n.name} ${letterOf(n)}`.trim());
    });
    if (kept && fits.some((n) => n.name === kept)) select.value = kept;
    else if (select.name === "to") select.value = otherThan(select, fits);
  }
}

/** otherThan picks a target that differs from the form's source, if there is one. */
function otherThan(select: HTMLSelectElement, fits: readonly NodeView[]): string {
  const source = select.form?.querySelector<HTMLSelectElement>("select[name=from]")?.value;
  return (fits.find((n) => n.name !== source) ?? fits[0])?.name ?? "";
}

/** text and number read one field. */
export function text(data: FormData, name: string): string {
  return String(data.get(name) ?? "");
}
export function number(data: FormData, name: string): number {
  return Number(data.get(name) ?? 0);
}
