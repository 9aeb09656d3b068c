// The Replication panel: one node's backlog as a ring, what everybody else would get from it, who
// follows it how, and whose data is the same.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref, say, set } from "../core/dom.ts";
import { bytes, count, duration } from "../core/format.ts";
import { historyColour, historyName } from "../core/history.ts";
import type { Follower, NodeView, Sync } from "../core/wire.ts";
import { knows, t } from "../core/words.ts";
import { fateOf } from "./fate.ts";
import { marksOf } from "./marks.ts";
import { drawRing } from "./ring.ts";

/** The panel is drawn anew at most so often, in milliseconds. */
const PAUSE = 200;

/** start fills the panel and keeps it up to date. */
export function start(panel: HTMLElement): void {
  const render = calmly(PAUSE, () => {
    if (panel.checkVisibility()) fill(panel);
  });
  effect(() => {
    void [desk.store.nodes.value, desk.selected.value];
    render();
  });
  new ResizeObserver(() => render()).observe(panel);
  fill(panel);
}

/** subjectOf is the node whose backlog is shown: the chosen one if others follow it, else its master, else the lab's. */
export function subjectOf(nodes: readonly NodeView[], selected: string | null): NodeView | undefined {
  const streams = nodes.filter((n) => n.stream);
  const chosen = streams.find((n) => n.name === selected);
  if (chosen && (chosen.role === "master" || chosen.stream!.followers.length > 0)) return chosen;
  const masters = streams.filter((n) => n.role === "master");
  return streams.find((n) => n.name === chosen?.master) ?? masters.find((n) => n.state === "up") ?? masters[0] ?? streams[0];
}

function fill(panel: HTMLElement): void {
  const nodes = desk.store.nodes.peek();
  const of = subjectOf(nodes, desk.selected.peek());
  ref(panel, "board").hidden = of === undefined;
  ref(panel, "nostream").hidden = of !== undefined;
  if (!of) return;
  const { backlog, followers, minReplicas } = of.stream!;
  say(ref(panel, "title"), t("stream.title", { node: of.name }));
  say(ref(panel, "idle"), backlog.active ? "" : t("stream.none", { node: of.name }));
  const { marks } = marksOf(of, nodes);
  ref(panel, "ring").replaceChildren(...(backlog.active ? [drawRing(of, marks)] : []));
  const others = nodes.filter((n) => n.stream && n.name !== of.name);
  fates(ref(panel, "fates"), of, others.filter((n) => !followers.some((f) => f.node === n.name && f.state === "online")));
  const box = ref(panel, "followers");
  box.hidden = followers.length === 0;
  list(ref(panel, "rows"), [...followers].sort((a, b) => a.node.localeCompare(b.node)), (f) => f.node, followerRow, (row, f) => fillFollower(row, f));
  const refuses = minReplicas?.refuses ?? false;
  const min = ref(panel, "min");
  set(min, "data-bad", refuses);
  say(min, minReplicas ? t(refuses ? "stream.minrefuses" : "stream.minok", { good: minReplicas.good, wanted: minReplicas.wanted, lag: minReplicas.maxLag }) : t("stream.nomin"));
  list(ref(panel, "histories"), nodes.filter((n) => n.stream), (n) => n.name, historyRow, (row, n) => fillHistory(row, n));
}

/** fates says of everybody who does not follow what a sync would cost. */
function fates(box: Element, of: NodeView, others: readonly NodeView[]): void {
  list(box, others, (n) => n.name, () => el("li", {}, el("span", { class: "mark" }), el("span")), (item, node) => {
    const fate = fateOf(node, of);
    set(item, "data-fate", fate.kind);
    say(item.firstElementChild!, fate.kind === "partial" ? "✓" : "✕");
    const { first } = of.stream!.backlog;
    const sentence = t(`stream.${fate.kind === "partial" ? "partial" : fate.why}`, {
      node: node.name, of: of.name, next: count(fate.next), bytes: bytes(fate.bytes), first: count(first), id: historyName(node.replid),
      second: count(of.stream!.secondOffset), last: count(of.offset),
    });
    say(item.lastElementChild!, node.state === "up" || node.state === "frozen" ? sentence : `${sentence} ${t("stream.ifdata", { node: node.name })}`);
  });
}

function followerRow(): HTMLElement {
  return el("tr", {}, el("th", { scope: "row" }), el("td"), el("td", { class: "n" }), el("td", { class: "n" }), el("td"));
}

function fillFollower(row: HTMLElement, f: Follower): void {
  const [name, state, lag, seconds, sync] = row.children as unknown as HTMLElement[];
  say(name!, f.node);
  set(row, "data-good", f.good);
  if (f.transfer) fillTransfer(state!, f.transfer.done, f.transfer.total);
  else say(state!, t(`stream.at-${f.state}`));
  say(lag!, bytes(f.lagBytes));
  say(seconds!, f.lagSeconds > 0 ? t("inspect.ago", { time: duration(f.lagSeconds * 1000) }) : t("stream.now"));
  say(sync!, syncText(f.sync));
}

/** fillTransfer shows a snapshot on its way, which may not know yet how long it is. */
function fillTransfer(cell: HTMLElement, done: number, total: number): void {
  let bar = cell.querySelector("progress");
  if (!bar) cell.replaceChildren(bar = el("progress", { "aria-label": t("stream.transfer") }), el("small"));
  if (total > 0) {
    bar.max = total;
    bar.value = done;
  } else bar.removeAttribute("value");
  say(cell.lastElementChild!, total > 0 ? t("stream.sent", { done: bytes(done), total: bytes(total) }) : t("stream.at-wait_bgsave"));
}

/** syncText says how a replica last came to its data, and why so. */
export function syncText({ kind, why, bytes: missed }: Sync): string {
  if (kind === "") return "–";
  if (kind === "partial") return t("stream.waspartial", { bytes: bytes(missed) });
  const reason = [`stream.why-${why}`, `reason.${why}`].find(knows);
  return reason ? t("stream.wasfull", { why: `@${reason}` }) : t("stream.wasfullonly");
}

function historyRow(): HTMLElement {
  return el("tr", {}, el("th", { scope: "row" }), el("td", {}, el("span", { class: "history" })), el("td", {}, el("span", { class: "history" }), el("small")), el("td"));
}

function fillHistory(row: HTMLElement, node: NodeView): void {
  const [name, own, before, offset] = row.children as unknown as HTMLElement[];
  say(name!, node.name);
  fillChip(own!.firstElementChild!, node.replid);
  fillChip(before!.firstElementChild!, node.replid2);
  say(before!.lastElementChild!, node.stream!.secondOffset >= 0 ? ` < ${count(node.stream!.secondOffset)}` : "");
  say(offset!, count(node.offset));
}

function fillChip(chip: Element, id: string): void {
  const none = /^0*$/.test(id);
  set(chip, "data-shard", none ? undefined : historyColour(id));
  set(chip, "title", none ? undefined : id);
  say(chip, historyName(id));
}
