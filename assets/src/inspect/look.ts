// <node-look>: one thing that a node says about itself, asked for anew every second while it is shown.

import { effect, signal } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { el, list, ref, say, set } from "../core/dom.ts";
import { whileShown } from "../core/live.ts";
import { t } from "../core/words.ts";
import { bindCopyLine } from "../panels/copyline.ts";
import { inspect, type Inspection } from "./ask.ts";
import { Changes } from "./changes.ts";
import { FLAGS, flagsIn, rawText } from "./present.ts";
import { fillTables } from "./tables.ts";

/** OVERVIEW is the look that needs no asking. */
export const OVERVIEW = "overview";

/** look is what is looked at. */
export const look = signal(OVERVIEW);

/** The looks that can also be shown as the node wrote them. */
const AS_TEXT = ["info", "cluster", "nodes"];

/** NodeLook asks, marks what changed, and lets a person search. */
export class NodeLook extends HTMLElement {
  private showCommand!: (command: string) => void;
  private readonly changes = new Changes();
  private answer: Inspection | null = null;
  private error = "";
  private key = "";
  private cursor = "0";
  private raw = false;

  connectedCallback(): void {
    this.showCommand = bindCopyLine(this);
    ref(this, "find").addEventListener("input", () => this.render());
    ref(this, "raw").addEventListener("click", () => this.turn());
    ref(this, "more").addEventListener("click", () => this.page(this.answer?.next ?? "0"));
    ref(this, "start").addEventListener("click", () => this.page("0"));
    effect(() => this.point(look.value, desk.selected.value));
    whileShown(() => look.value !== OVERVIEW && desk.selected.value !== null, () => void this.ask());
  }

  /** point turns to another node or another look: nothing of the last one is kept. */
  private point(what: string, node: string | null): void {
    const key = `${node} ${what}`;
    if (key === this.key) return;
    this.key = key;
    this.forget("0");
    this.raw = false;
    this.render();
  }

  private forget(cursor: string): void {
    this.changes.clear();
    this.answer = null;
    this.error = "";
    this.cursor = cursor;
  }

  private page(cursor: string): void {
    this.forget(cursor);
    void this.ask();
  }

  private turn(): void {
    this.raw = !this.raw;
    this.render();
  }

  private async ask(): Promise<void> {
    const [node, what, cursor] = [desk.selected.peek(), look.peek(), this.cursor];
    if (!node || !this.checkVisibility()) return;
    this.point(what, node);
    const answer = await inspect(node, what, cursor);
    if (`${node} ${what}` !== this.key || cursor !== this.cursor) return;
    this.error = "error" in answer ? answer.error : "";
    if (!("error" in answer)) {
      this.answer = answer;
      this.changes.take(answer.tables, performance.now());
    }
    this.render();
  }

  private render(): void {
    const { answer } = this;
    const what = look.peek();
    const text = this.raw && answer !== null;
    const raw = ref(this, "raw");
    raw.hidden = !AS_TEXT.includes(what);
    set(raw, "aria-pressed", String(this.raw));
    this.showCommand(answer ? `redis-cli -p ${answer.node} ${answer.command}` : "");
    ref(this, "tables").hidden = text;
    const pre = ref(this, "rawtext");
    pre.hidden = !text;
    if (text) say(pre, rawText(what, answer.tables));
    const found = fillTables(ref(this, "tables"), answer?.tables ?? [], this.changes, answer?.now ?? 0, ref<HTMLInputElement>(this, "find").value);
    say(ref(this, "said"), this.error || [desk.past.past ? t("look.present") : "", said(answer, found)].join(" ").trim());
    set(ref(this, "said"), "data-bad", this.error !== "");
    set(ref(this, "tables"), "data-stale", this.error !== "");
    ref(this, "more").hidden = !answer?.next;
    ref(this, "start").hidden = this.cursor === "0";
    this.flags(what);
  }

  /** flags explains those flags of CLUSTER NODES that occur. */
  private flags(what: string): void {
    const table = what === "nodes" ? this.answer?.tables[0] : undefined;
    const flags = table ? flagsIn(table.rows ?? [], (table.columns ?? []).indexOf("flags")) : [];
    list(ref(this, "flags"), flags, (flag) => flag, (flag) => el("div", {}, el("dt", {}, flag), el("dd", {}, t(FLAGS[flag]!))), () => {});
  }
}

/** said tells how much is shown, or why nothing is. */
function said(answer: Inspection | null, found: { shown: number; all: number }): string {
  if (!answer) return t("look.asking");
  if (found.all === 0) return t("look.empty");
  return found.shown === found.all ? t("look.all", { n: found.all }) : t("look.found", { n: found.shown, of: found.all });
}
