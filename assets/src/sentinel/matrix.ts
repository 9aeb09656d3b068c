// Who thinks what of whom: a row for each Sentinel, a column for everybody that is watched.

import { desk } from "../core/desk.ts";
import { el, list, ref, say, set } from "../core/dom.ts";
import { duration } from "../core/format.ts";
import type { NodeView, Opinion } from "../core/wire.ts";
import { t } from "../core/words.ts";

/** What a Sentinel holds an instance for. */
export type Held = "ok" | "sdown" | "odown" | "unlinked" | "self" | "unknown";

/** Each with its mark: never colour alone. */
const MARKS: Record<Held, string> = { ok: "✓", sdown: "S", odown: "O", unlinked: "…", self: "■", unknown: "–" };

/** heldBy is what a Sentinel holds a node for, with what it knows of it. */
export function heldBy(guard: NodeView, subject: NodeView): { held: Held; of?: Opinion } {
  if (guard.name === subject.name) return { held: "self" };
  const of = guard.sentinel?.watches[0]?.instances.find((o) => o.node === subject.name);
  if (!of) return { held: "unknown" };
  return { held: of.down || (of.linked ? "ok" : "unlinked"), of };
}

/** fillMatrix keeps the table in step; chosen is the Sentinel whose details stand below. */
export function fillMatrix(panel: Element, nodes: readonly NodeView[], chosen: string): void {
  const guards = nodes.filter((n) => n.sentinel);
  list(ref(panel, "columns"), [{ name: "" }, ...nodes], (n) => n.name, (n) => el(n.name ? "th" : "td", n.name ? { scope: "col" } : {}), (th, n) => say(th, n.name));
  list(ref(panel, "matrix"), guards, (g) => g.name, () => el("tr"), (row, guard) => {
    set(row, "data-silent", guard.state !== "up");
    set(row, "data-as", guard.name === chosen);
    list(row, [{ name: "row" }, ...nodes], (n) => n.name, (n) => headOrCell(n.name, guard), (cell, n) => {
      if ("port" in n) fillCell(cell, guard, n);
    });
  });
  list(ref(panel, "tells"), guards, (g) => g.name, () => el("tr", {}, el("th", { scope: "row" }), el("td"), el("td"), el("td")), (row, guard) => {
    const [name, tells, epoch, vote] = row.children as unknown as HTMLElement[];
    say(name!, guard.name);
    say(tells!, guard.state === "up" ? guard.sentinel!.watches[0]?.current ?? "–" : t(`state.${guard.state}`));
    say(epoch!, `${guard.currentEpoch} / ${guard.epoch}`);
    say(vote!, voteOf(guard));
  });
}

function headOrCell(name: string, guard: NodeView): HTMLElement {
  if (name !== "row") return el("td");
  return el("th", { scope: "row" }, el("button", { type: "button", class: "quiet", click: () => (desk.selected.value = guard.name) }, guard.name));
}

function fillCell(cell: HTMLElement, guard: NodeView, subject: NodeView): void {
  const { held, of } = heldBy(guard, subject);
  set(cell, "data-held", held);
  set(cell, "data-told", guard.sentinel!.watches[0]?.current === subject.name);
  set(cell, "title", saidOf(guard, subject, held, of));
  set(cell, "aria-label", saidOf(guard, subject, held, of));
  say(cell, MARKS[held] + (of?.saysDown ? "!" : ""));
}

/** saidOf is a cell in words. */
export function saidOf(guard: NodeView, subject: NodeView, held: Held, of?: Opinion): string {
  const words = [t("sentinels.holds", { sentinel: guard.name, node: subject.name, opinion: `@opinion.${held}` })];
  if (of && held !== "ok") words.push(t("sentinels.silent", { time: duration(of.silent) }));
  if (of?.saysDown) words.push(t("sentinels.saysdown", { node: subject.name }));
  if (of?.unfit) words.push(t("sentinels.unfit", { node: subject.name, why: `@reason.${of.unfit}` }));
  return words.join(" ");
}

function voteOf(guard: NodeView): string {
  const own = guard.sentinel!.watches[0]?.instances[0];
  return own?.leader ? `${own.leader} (${own.leadEpoch})` : "–";
}
