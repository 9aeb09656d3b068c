// <node-inspector>: one node, its numbers, what can be done to it, and what it believes.

import { effect } from "@preact/signals-core";
import { MARKS } from "../core/beliefs.ts";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref, rows, say, set } from "../core/dom.ts";
import { bytes, count, duration, short } from "../core/format.ts";
import { lookOf } from "../core/shard.ts";
import { countSlots } from "../core/slots.ts";
import { CALM, isDown, opinionOf } from "../core/verdict.ts";
import type { Belief, NodeView } from "../core/wire.ts";
import { t } from "../core/words.ts";

/** NodeInspector follows the chosen node. */
export class NodeInspector extends HTMLElement {
  connectedCallback(): void {
    const render = calmly(150, () => this.render());
    effect(() => {
      void [desk.chosen.value, desk.verdicts.value, desk.viewAs.value];
      render();
    });
    ref(this, "view").addEventListener("click", () => toggleView());
  }

  private render(): void {
    const node = desk.chosen.peek();
    ref(this, "empty").hidden = node !== null;
    ref(this, "body").hidden = node === null;
    if (!node) return;
    this.head(node);
    this.buttons(node);
    rows(ref(this, "numbers"), numbersOf(node));
    this.election(node);
    this.beliefs(node);
    set(ref(this, "view"), "aria-pressed", String(desk.viewAs.peek() === node.name));
  }

  private head(node: NodeView): void {
    const chip = ref(this, "chip");
    say(chip, node.role === "master" ? node.shard : node.shard.toLowerCase());
    set(chip, "data-role", node.role);
    set(chip, "data-shard", node.shard ? lookOf(node.shard).colour : undefined);
    say(ref(this, "name"), node.name);
    say(ref(this, "role"), roleOf(node));
    const state = ref(this, "state");
    set(state, "data-state", node.state);
    say(state, `${STATE_MARKS[node.state] ?? ""} ${node.state}`.trim());
    const why = ref(this, "why");
    why.hidden = !node.why || node.why === node.state;
    say(why, node.why ? `Why: ${node.why}` : "");
  }

  private buttons(node: NodeView): void {
    const down = isDown(node);
    const off: Record<string, boolean> = { kill: down, freeze: down, isolate: down };
    for (const button of this.querySelectorAll<HTMLButtonElement>("button[data-verb]")) {
      const verb = button.dataset.verb!;
      button.disabled = off[verb] ?? false;
      if (verb === "freeze") say(button.querySelector("[data-label]")!, node.state === "frozen" ? "Thaw" : "Freeze");
    }
  }

  private election(node: NodeView): void {
    const box = ref(this, "election");
    box.hidden = node.election === null;
    if (!node.election) return;
    const { epoch, votes, needed, due } = node.election;
    const wait = due - desk.times().virtual;
    const cast = Array.from({ length: Math.max(needed, votes) }, (_, i) => el("span", { "data-cast": i < votes }, i < votes ? "✓" : ""));
    box.replaceChildren(
      el("p", {}, `Election in epoch ${epoch}: ${votes} of ${needed} votes${wait > 0 ? `, asks in ${duration(wait)}` : ""}`),
      el("div", { class: "votes", "aria-hidden": "true" }, ...cast),
    );
  }

  private beliefs(node: NodeView): void {
    list(ref(this, "beliefs"), node.beliefs, (b) => b.node, () => el(
      "li", {}, el("span", { class: "opinion" }), el("span", { class: "name" }), el("span", { class: "note" }), el("span", { class: "age" }),
    ), (item, belief) => {
      const opinion = opinionOf(node, belief.node);
      const [mark, name, note, age] = item.children as unknown as HTMLElement[];
      set(item, "data-opinion", opinion);
      say(mark!, MARKS[opinion]);
      say(name!, belief.node);
      say(note!, noteOf(belief));
      set(item, "title", `${belief.node}: ${t(`belief.${opinion}`)}; ${belief.flags.join(", ")}`);
      say(age!, belief.link ? duration(belief.pongAge) : "no link");
    });
  }
}

const STATE_MARKS: Record<string, string> = { up: "✓", killed: "✕", crashed: "✕", stopped: "✕", frozen: "❚❚", starting: "…" };

/** toggleView turns the stage to the chosen node's eyes, or back to the lab's. */
export function toggleView(): void {
  const chosen = desk.selected.peek();
  desk.viewAs.value = desk.viewAs.peek() !== null ? null : chosen;
}

function roleOf(node: NodeView): string {
  if (node.role === "replica") return `replica of ${node.master}, shard ${node.shard}`;
  return node.slots.length > 0 ? `master of shard ${node.shard}` : "master without slots";
}

function noteOf(belief: Belief): string {
  const words = [belief.flags.includes("master") ? "master" : belief.flags.includes("slave") ? "replica" : belief.flags.join(" ")];
  words.push(`epoch ${belief.epoch}`);
  if (belief.slots) words.push(belief.slots);
  return words.join(" · ");
}

/** numbersOf lists what a class asks about a node; wide rows take the whole line. */
export function numbersOf(node: NodeView): { label: string; value: string; wide?: boolean; bad?: boolean }[] {
  const verdict = desk.verdicts.peek().get(node.name) ?? CALM;
  const ranges = node.slots.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(" ");
  const moving = [
    ...node.migrating.map((m) => `${m.slot} → ${m.to}`),
    ...node.importing.map((m) => `${m.slot} ← ${m.from}`),
  ].join(", ");
  return [
    { label: "config epoch", value: String(node.epoch) },
    { label: "current epoch", value: String(node.currentEpoch) },
    { label: "offset", value: count(node.offset) },
    { label: "lag", value: node.role === "replica" ? bytes(node.lag) : "–" },
    { label: "keys", value: count(node.keys) },
    { label: "ops/s", value: count(node.ops) },
    { label: "memory", value: bytes(node.memory) },
    { label: "clients", value: count(node.clients) },
    { label: "link", value: node.role === "replica" ? (node.linkUp ? "up" : "down") : "–", bad: node.role === "replica" && !node.linkUp },
    { label: "cluster_state", value: node.clusterState, bad: node.clusterState === "fail" },
    { label: "seen as", value: seenAs(verdict), wide: true },
    { label: `slots (${count(countSlots(node.slots))})`, value: ranges || "none", wide: true },
    ...(moving ? [{ label: "moving", value: moving, wide: true }] : []),
    { label: "id", value: short(node.id), wide: false },
    { label: "ports", value: `${node.port}, ${node.bus}` },
    { label: "replid", value: short(node.replid) },
    { label: "replid2", value: /^0*$/.test(node.replid2) ? "–" : short(node.replid2) },
  ];
}

function seenAs({ pfail, fail, of }: { pfail: number; fail: number; of: number }): string {
  if (fail + pfail === 0) return `ok by all ${of}`;
  const words = [fail > 0 ? `FAIL by ${fail}` : "", pfail > 0 ? `PFAIL by ${pfail}` : ""].filter(Boolean);
  return `${words.join(", ")} of ${of}`;
}
