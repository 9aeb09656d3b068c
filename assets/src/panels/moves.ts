// <move-panel>: moving slots, all at once or one real command at a time, and who owns what.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref, say, set } from "../core/dom.ts";
import { count } from "../core/format.ts";
import { lookOf } from "../core/shard.ts";
import { countSlots, whatToMove } from "../core/slots.ts";
import { isDown } from "../core/verdict.ts";
import type { Args, Move, NodeView } from "../core/wire.ts";
import { bindForm, fillChoosers, text } from "./forms.ts";

/** MovePanel holds the form, the running migrations with their steps, and the owners' table. */
export class MovePanel extends HTMLElement {
  connectedCallback(): void {
    const slots = this.querySelector<HTMLInputElement>("input[name=slots]")!;
    slots.addEventListener("input", () => slots.setCustomValidity(whatToMove(slots.value) ? "" : "A count such as 100, or slots such as 0-99, 200."));
    const preview = bindForm(ref<HTMLFormElement>(this, "form"), "move-slots", readMove);
    const render = calmly(150, () => {
      const nodes = desk.store.nodes.peek();
      fillChoosers(this, nodes);
      this.owners(nodes.filter((n) => n.role === "master" && !isDown(n)));
      preview();
    });
    effect(() => {
      void desk.store.nodes.value;
      render();
    });
    effect(() => this.moves(desk.store.moves.value));
  }

  private moves(moves: readonly Move[]): void {
    list(ref(this, "list"), moves, (m) => String(m.id), newMove, updateMove);
  }

  private owners(masters: NodeView[]): void {
    list(ref(this, "owners"), masters, (n) => n.name, () => el(
      "tr", {}, el("td", {}, el("span", { class: "chip tiny" })), el("td"), el("td"), el("td"), el("td"),
    ), (row, n) => {
      const [shard, name, slots, keys, ops] = row.children as unknown as HTMLElement[];
      const chip = shard!.firstElementChild!;
      say(chip, n.shard);
      set(chip, "data-shard", n.shard ? lookOf(n.shard).colour : undefined);
      say(name!, n.name);
      say(slots!, count(countSlots(n.slots)));
      say(keys!, count(n.keys));
      say(ops!, count(n.ops));
    });
  }
}

/** readMove reads the form's fields as the verb's arguments. */
export function readMove(data: FormData, submitter?: HTMLElement | null): Args {
  const what = whatToMove(text(data, "slots")) ?? {};
  const mode = submitter instanceof HTMLButtonElement && submitter.value === "step" ? "step" : "run";
  return { from: text(data, "from"), to: text(data, "to"), ...what, mode };
}

function newMove(): HTMLElement {
  const button = (label: string, verb: string, quiet = true) => el(
    "button", { type: "button", class: quiet ? "quiet" : undefined, click: () => void desk.run(verb, {}) }, label,
  );
  return el(
    "article", { class: "move" },
    el("header", {}, el("h2"), el("span", { class: "hint" })),
    el("progress"),
    el("ol", { class: "steps" }),
    el("div", { class: "actions" }, button("Step", "move-step", false), button("Run", "move-run"), button("Abort", "move-abort")),
  );
}

function updateMove(item: HTMLElement, move: Move): void {
  const [header, progress, steps, actions] = item.children as unknown as HTMLElement[];
  say(header!.firstElementChild!, `${move.from} → ${move.to}`);
  say(header!.lastElementChild!, `${count(move.done)} of ${count(move.total)} slots · ${move.state}`);
  set(progress!, "max", Math.max(1, move.total));
  set(progress!, "value", move.done);
  set(progress!, "aria-label", `${move.done} of ${move.total} slots moved`);
  const over = move.state === "done" || move.state === "aborted";
  list(steps!, over ? [] : (move.steps ?? []).slice(-STEPS_SHOWN), (s) => String(s.n), () => el("li", {}, el("span"), el("span", { class: "cmd" }), el("span")), (line, step) => {
    set(line, "data-state", step.state);
    const [n, command, on] = line.children as unknown as HTMLElement[];
    say(n!, STEP_MARKS[step.state] ?? String(step.n));
    say(command!, step.command.replace(/\b([0-9a-f]{8})[0-9a-f]{32}\b/g, "$1…"));
    set(command!, "title", step.command);
    say(on!, step.on);
  });
  actions!.hidden = over;
}

/** Only the latest steps are listed: the ones a class is looking at. */
const STEPS_SHOWN = 8;

const STEP_MARKS: Record<string, string> = { done: "✓", failed: "✕", running: "▸", next: "▸" };
