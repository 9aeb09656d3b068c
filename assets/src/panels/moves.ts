// <move-panel>: moving slots, all at once or one real command at a time, and who owns what.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref, say, set } from "../core/dom.ts";
import { count } from "../core/format.ts";
import { lookOf } from "../core/shard.ts";
import { countSlots, whatToMove } from "../core/slots.ts";
import { knows, t } from "../core/words.ts";
import { isDown } from "../core/verdict.ts";
import type { Args, Move, NodeView } from "../core/wire.ts";
import { band, givers, partOf, target } from "../slots/picked.ts";
import { copyButton } from "./copyline.ts";
import { bindForm, fillChoosers, text } from "./forms.ts";

/** MovePanel holds the form, the running migrations with their steps, and the owners' table. */
export class MovePanel extends HTMLElement {
  connectedCallback(): void {
    const slots = this.querySelector<HTMLInputElement>("input[name=slots]")!;
    slots.addEventListener("input", () => slots.setCustomValidity(whatToMove(slots.value) ? "" : t("move.invalid")));
    const preview = bindForm(ref<HTMLFormElement>(this, "form"), "move-slots", readMove);
    effect(() => this.fill(slots, preview));
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

  /** fill writes what was chosen on the map or ribbon into the form: whose slots, which, and to whom. */
  private fill(slots: HTMLInputElement, preview: () => void): void {
    const chosen = band.value;
    const onto = target.value;
    const [from, ...others] = chosen ? givers(chosen, desk.store.nodes.peek()) : [];
    const rest = ref(this, "rest");
    rest.hidden = others.length === 0;
    say(rest, t("move.rest", { nodes: others.map((n) => n.name).join(", ") }));
    if (!chosen || !from) return;
    slots.value = partOf(chosen, from);
    slots.setCustomValidity("");
    const choosers = this.querySelectorAll<HTMLSelectElement>("select[data-nodes]");
    for (const select of choosers) {
      if (select.name === "from") select.value = from.name;
      else if (onto && onto !== from.name) select.value = onto;
      else if (select.value === from.name) select.value = [...select.options].find((o) => o.value !== from.name)?.value ?? "";
    }
    preview();
    if (!onto) return;
    target.value = null;
    desk.show.tell("slots");
    this.querySelector<HTMLElement>("button[value=run]")?.focus();
  }

  private moves(moves: readonly Move[]): void {
    list(ref(this, "list"), moves, (m) => String(m.id), newMove, updateMove);
  }

  private owners(masters: NodeView[]): void {
    list(ref(this, "owners"), masters, (n) => n.name, () => el(
      "tr", {}, el("td", {}, el("span", { class: "chip tiny" })), el("td"), el("td"), el("td"), el("td"),
    ), (row, n) => {
      set(row, "data-master", n.name);
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
    el("div", { class: "actions" }, button(t("move.onestep"), "move-step", false), button(t("move.goon"), "move-run"), button(t("move.abort"), "move-abort")),
  );
}

function updateMove(item: HTMLElement, move: Move): void {
  const [header, progress, steps, actions] = item.children as unknown as HTMLElement[];
  say(header!.firstElementChild!, `${move.from} → ${move.to}`);
  say(header!.lastElementChild!, t("move.progress", { done: count(move.done), total: count(move.total), state: stateText(move.state) }));
  set(progress!, "max", Math.max(1, move.total));
  set(progress!, "value", move.done);
  set(progress!, "aria-label", t("move.progress", { done: move.done, total: move.total, state: stateText(move.state) }));
  const over = ["done", "aborted", "failed"].includes(move.state);
  list(steps!, move.state === "done" || move.state === "aborted" ? [] : (move.steps ?? []).slice(-STEPS_SHOWN), (s) => String(s.n), newStep, (line, step) => {
    set(line, "data-state", step.state);
    const [n, command, on] = line.children as unknown as HTMLElement[];
    say(n!, STEP_MARKS[step.state] ?? (step.state.startsWith("failed") ? "✕" : String(step.n)));
    say(command!, step.command.replace(/\b([0-9a-f]{8})[0-9a-f]{32}\b/g, "$1…"));
    set(command!, "title", step.command);
    say(on!, step.on);
  });
  actions!.hidden = over;
}

/** stateText is a migration's state in the page's language. */
function stateText(state: string): string {
  return knows(`move.${state}`) ? t(`move.${state}`) : state;
}

/** newStep is one command of a migration, with a button that copies it. */
function newStep(): HTMLElement {
  const command = el("span", { class: "cmd" });
  return el("li", {}, el("span"), command, el("span"), copyButton(() => command.title));
}

/** Only the latest steps are listed: the ones a class is looking at. */
const STEPS_SHOWN = 8;

const STEP_MARKS: Record<string, string> = { done: "✓", failed: "✕", running: "▸", next: "▸" };
