// <node-inspector>: one node, its numbers, what can be done to it, what it believes and what it says.

import { effect } from "@preact/signals-core";
import { MARKS } from "../core/beliefs.ts";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref, rows, say, set } from "../core/dom.ts";
import { bytes, count, duration, short } from "../core/format.ts";
import { historyColour, historyName } from "../core/history.ts";
import { letterOf, lookOf } from "../core/shard.ts";
import { countSlots } from "../core/slots.ts";
import { CALM, isDown, opinionOf } from "../core/verdict.ts";
import type { Belief, NodeView, SentinelView, Stream } from "../core/wire.ts";
import { t } from "../core/words.ts";
import { look, OVERVIEW } from "../inspect/look.ts";

/** NodeInspector follows the chosen node. */
export class NodeInspector extends HTMLElement {
  connectedCallback(): void {
    const render = calmly(150, () => this.render());
    effect(() => {
      void [desk.chosen.value, desk.verdicts.value, desk.viewAs.value];
      render();
    });
    ref(this, "view").addEventListener("click", () => toggleView());
    ref(this, "wide").addEventListener("click", () => this.widen());
    this.listen();
    effect(() => this.turn(look.value));
  }

  private get looks(): HTMLButtonElement[] {
    return [...this.querySelectorAll<HTMLButtonElement>("[data-look]")];
  }

  private listen(): void {
    for (const tab of this.looks) {
      tab.addEventListener("click", () => (look.value = tab.dataset.look!));
      tab.addEventListener("keydown", (event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!by) return;
        const shown = this.looks.filter((l) => !l.hidden);
        const next = shown.at((shown.indexOf(tab) + by) % shown.length)!;
        look.value = next.dataset.look!;
        next.focus();
        event.preventDefault();
        event.stopPropagation();
      });
    }
  }

  /** turn shows the overview, or what the node says about something. */
  private turn(what: string): void {
    for (const tab of this.looks) {
      const chosen = tab.dataset.look === what;
      set(tab, "aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    ref(this, "overview").hidden = what !== OVERVIEW;
    const answer = ref(this, "answer");
    answer.hidden = what === OVERVIEW;
    set(answer, "aria-labelledby", what === OVERVIEW ? "look-info" : `look-${what}`);
  }

  /** widen gives wide tables more of the page, or takes it back. */
  private widen(): void {
    const wide = document.documentElement.toggleAttribute("data-wide");
    set(ref(this, "wide"), "aria-pressed", String(wide));
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
    say(chip, letterOf(node));
    set(chip, "data-role", node.role);
    set(chip, "data-shard", colourOf(node));
    say(ref(this, "name"), node.name);
    say(ref(this, "role"), roleOf(node));
    const state = ref(this, "state");
    set(state, "data-state", node.state);
    say(state, `${STATE_MARKS[node.state] ?? ""} ${t(`state.${node.state}`)}`.trim());
    const why = ref(this, "why");
    const reason = node.busy ? t("inspect.busy", { kill: node.busy }) : node.disk ? t(`disk.${node.disk}`) : node.why;
    why.hidden = !reason || reason === node.state;
    say(why, reason ? t("inspect.why", { why: reason }) : "");
    const cure = ref(this, "cure");
    cure.hidden = !node.busy;
    say(cure, node.busy ?? "");
  }

  private buttons(node: NodeView): void {
    const down = isDown(node);
    const watched = desk.kind.peek() === "sentinel";
    const off: Record<string, boolean> = { kill: down, freeze: down, isolate: down, failover: watched && node.role === "replica" };
    for (const tab of this.looks) if (NOT_OF_SENTINELS.includes(tab.dataset.look!)) tab.hidden = node.role === "sentinel";
    if (node.role === "sentinel" && NOT_OF_SENTINELS.includes(look.peek())) look.value = OVERVIEW;
    for (const button of this.querySelectorAll<HTMLButtonElement>("button[data-verb]")) {
      const verb = button.dataset.verb!;
      button.disabled = off[verb] ?? false;
      if (verb === "add-replica") button.hidden = node.role === "sentinel";
      if (verb === "freeze") say(button.querySelector("[data-label]")!, t(node.state === "frozen" ? "act.thaw" : "act.freeze"));
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
      el("p", {}, t(wait > 0 ? "inspect.election-due" : "inspect.election", { epoch, votes, needed, time: duration(wait) })),
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
      say(age!, belief.link ? duration(belief.pongAge) : t("inspect.nolink"));
    });
  }
}

/** What a Sentinel has nothing to say of. */
const NOT_OF_SENTINELS = ["keys", "config", "slowlog"];

const STATE_MARKS: Record<string, string> = { up: "✓", killed: "✕", crashed: "✕", stopped: "✕", frozen: "❚❚", starting: "…" };

/** toggleView turns the stage to the chosen node's eyes, or back to the lab's. */
export function toggleView(): void {
  const chosen = desk.selected.peek();
  desk.viewAs.value = desk.viewAs.peek() !== null ? null : chosen;
}

function roleOf(node: NodeView): string {
  if (node.sentinel) return t("inspect.sentinel", { name: node.sentinel.watches[0]?.master ?? "–" });
  if (node.stream) return t(node.role === "replica" ? "inspect.plainreplica" : "inspect.plainmaster", { master: node.master });
  if (node.role === "replica") return t("inspect.replica", { master: node.master, shard: node.shard });
  return node.slots.length > 0 ? t("inspect.master", { shard: node.shard }) : t("inspect.empty");
}

function noteOf(belief: Belief): string {
  const words = [belief.flags.includes("master") ? "master" : belief.flags.includes("slave") ? "replica" : belief.flags.join(" ")];
  words.push(`epoch ${belief.epoch}`);
  if (belief.slots) words.push(belief.slots);
  return words.join(" · ");
}

/** numbersOf lists what a class asks about a node; wide rows take the whole line. */
export function numbersOf(node: NodeView): { label: string; value: string; wide?: boolean; bad?: boolean }[] {
  if (node.sentinel) return guardNumbers(node, node.sentinel);
  if (node.stream) return plainNumbers(node, node.stream);
  const verdict = desk.verdicts.peek().get(node.name) ?? CALM;
  const ranges = node.slots.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(" ");
  const replica = node.role === "replica";
  const moving = [
    ...node.migrating.map((m) => `${m.slot} → ${m.to}`),
    ...node.importing.map((m) => `${m.slot} ← ${m.from}`),
  ].join(", ");
  return [
    { label: t("inspect.config-epoch"), value: String(node.epoch) },
    { label: t("inspect.current-epoch"), value: String(node.currentEpoch) },
    { label: t("inspect.offset"), value: count(node.offset) },
    { label: t("inspect.lag"), value: replica ? bytes(node.lag) : "–" },
    { label: t("fact.keys"), value: count(node.keys) },
    { label: t("fact.ops"), value: count(node.ops) },
    { label: t("inspect.memory"), value: bytes(node.memory) },
    { label: t("inspect.clients"), value: count(node.clients) },
    { label: t("inspect.link"), value: replica ? t(node.linkUp ? "inspect.up" : "inspect.down") : "–", bad: replica && !node.linkUp },
    { label: "cluster_state", value: node.clusterState, bad: node.clusterState === "fail" },
    { label: t("inspect.seen"), value: seenAs(verdict), wide: true },
    { label: t("inspect.slots", { n: count(countSlots(node.slots)) }), value: ranges || "–", wide: true },
    ...(moving ? [{ label: t("inspect.moving"), value: moving, wide: true }] : []),
    { label: "id", value: short(node.id), wide: false },
    { label: t("inspect.ports"), value: `${node.port}, ${node.bus}` },
    { label: "replid", value: short(node.replid) },
    { label: "replid2", value: /^0*$/.test(node.replid2) ? "–" : short(node.replid2) },
  ];
}

/** plainNumbers is the same for a node of a lab without a cluster. */
function plainNumbers(node: NodeView, { link, minReplicas, secondOffset }: Stream): { label: string; value: string; wide?: boolean; bad?: boolean }[] {
  const now = desk.times().virtual;
  const refused = minReplicas?.refuses ? t("inspect.writesno", { good: minReplicas.good, wanted: minReplicas.wanted }) : "";
  const writes = refused || t(link?.readOnly ? "inspect.readonlyno" : "inspect.yes");
  const reads = t(link?.silent ? "inspect.readsno" : link && !node.linkUp ? "inspect.readsold" : "inspect.yes");
  return [
    { label: t("inspect.offset"), value: count(node.offset) },
    { label: t("inspect.lag"), value: link ? bytes(node.lag) : "–" },
    { label: t("fact.keys"), value: count(node.keys) },
    { label: t("fact.ops"), value: count(node.ops) },
    { label: t("inspect.memory"), value: bytes(node.memory) },
    { label: t("inspect.clients"), value: count(node.clients) },
    { label: t("inspect.link"), value: link ? t(link.loading ? "link.loading" : `link.${link.state}`) : "–", bad: link !== null && !node.linkUp, wide: true },
    ...(link ? [{ label: t("inspect.heard"), value: link.heard > 0 ? t("inspect.ago", { time: duration(Math.max(0, now - link.heard)) }) : "–", wide: true }] : []),
    { label: t("inspect.readonly"), value: writes, bad: refused !== "", wide: true },
    { label: t("inspect.reads"), value: reads, bad: link?.silent ?? false, wide: true },
    { label: t("inspect.history"), value: historyName(node.replid), wide: true },
    { label: t("inspect.before"), value: secondOffset < 0 ? "–" : `${historyName(node.replid2)} < ${count(secondOffset)}`, wide: true },
  ];
}

/** guardNumbers is the same for a Sentinel; its panel tells the rest. */
function guardNumbers(node: NodeView, { watches, id, epoch, tiltUntil }: SentinelView): { label: string; value: string; wide?: boolean; bad?: boolean }[] {
  const watch = watches[0];
  const answer = watch?.instances[0];
  return [
    { label: t("inspect.current-epoch"), value: String(epoch) },
    { label: t("inspect.config-epoch"), value: String(node.epoch) },
    { label: t("inspect.quorum"), value: watch ? t("inspect.ofvoters", { n: watch.quorum, voters: watch.voters }) : "–" },
    { label: t("inspect.leaderneeds"), value: watch ? String(watch.needed) : "–" },
    { label: t("inspect.tells"), value: watch?.current || "–", wide: true },
    { label: t("inspect.master-state"), value: t(`opinion.${answer?.down || "ok"}`), bad: Boolean(answer?.down), wide: true },
    { label: t("inspect.voted"), value: answer?.leader ? t("inspect.votedfor", { node: answer.leader, epoch: answer.leadEpoch }) : "–", wide: true },
    { label: t("inspect.failover"), value: t(`fostate.${watch?.failover.state ?? "none"}`), wide: true },
    { label: "down-after", value: watch ? duration(watch.downAfter) : "–" },
    { label: "failover-timeout", value: watch ? duration(watch.failoverTimeout) : "–" },
    { label: "parallel-syncs", value: watch ? String(watch.parallelSyncs) : "–" },
    { label: "TILT", value: tiltUntil > 0 ? t("inspect.yes") : t("inspect.no"), bad: tiltUntil > 0 },
    { label: "id", value: short(id) },
    { label: t("inspect.ports"), value: String(node.port) },
  ];
}

function seenAs({ pfail, fail, of }: { pfail: number; fail: number; of: number }): string {
  if (fail + pfail === 0) return t("inspect.seen-ok", { of });
  const words = [fail > 0 ? t("inspect.seen-fail", { n: fail }) : "", pfail > 0 ? t("inspect.seen-pfail", { n: pfail }) : ""].filter(Boolean);
  return t("inspect.seen-bad", { words: words.join(", "), of });
}

/** colourOf is the number of a node's colour: its history's, or its shard's. */
function colourOf(node: NodeView): number | undefined {
  if (node.stream) return historyColour(node.replid);
  return node.shard && node.role !== "sentinel" ? lookOf(node.shard).colour : undefined;
}
