// <command-palette>: every verb of the lab by name, as on the command line, and every node.

import { verbs } from "../core/api.ts";
import { desk } from "../core/desk.ts";
import { el, list, ref, say, set } from "../core/dom.ts";
import { findNodes } from "../core/find.ts";
import { labPage } from "../core/lab.ts";
import { isIn } from "../core/kinds.ts";
import { parseLine } from "../core/line.ts";
import { openLabs } from "../late.ts";
import { PLACES } from "../core/route.ts";
import { director } from "../past/director.ts";
import type { Verb } from "../core/wire.ts";
import { knows, t } from "../core/words.ts";
import { CALM } from "../core/verdict.ts";
import { entry } from "../stage/roster.ts";

/** What show can open, as the lessons' verb of that name does. */
const PANELS = ["stage", "slots", "metrics", "node", "beliefs", "network", "load", "bytes", "replication", "sentinels"];

/** One line that is offered. */
interface Offer {
  id: string;
  code: string;
  help: string;
  take(): void;
}

/** CommandPalette is a line to type into and the verbs and nodes that fit it. */
export class CommandPalette extends HTMLElement {
  private all: Verb[] = [];

  connectedCallback(): void {
    const input = ref<HTMLInputElement>(this, "command");
    input.addEventListener("input", () => this.suggest());
    ref<HTMLFormElement>(this, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.enter();
    });
  }

  /** open shows the palette; the first opening fetches the verbs. */
  async open(): Promise<void> {
    const dialog = this.closest("dialog");
    if (!dialog || dialog.open) return;
    dialog.showModal();
    ref<HTMLInputElement>(this, "command").placeholder = here("kill 7001");
    ref<HTMLInputElement>(this, "command").select();
    try {
      if (this.all.length === 0) this.all = [...await verbs(), ...pageVerbs()];
      this.suggest();
    } catch {
      this.tell(t("palette.nofetch"));
    }
  }

  private get line(): string {
    return ref<HTMLInputElement>(this, "command").value;
  }

  private suggest(): void {
    const word = this.line.trim().split(/\s+/)[0] ?? "";
    const fits = this.all.filter((v) => v.verb.startsWith(word) && isIn(desk.kind.peek(), v.verb));
    const offers: Offer[] = [
      ...fits.map((v) => ({ id: v.verb, code: here(v.example), help: helpOf(v), take: () => this.take(v) })),
      ...findNodes(desk.store.nodes.peek(), this.line).map((n) => ({ id: n.name, code: n.name, help: entry(n, desk.verdicts.peek().get(n.name) ?? CALM), take: () => this.choose(n.name) })),
    ];
    list(ref(this, "verbs"), offers, (o) => o.id, (o) => el(
      "li", {}, el("button", { type: "button", class: "quiet", click: o.take }, el("code", {}, o.code), el("span", {}, o.help)),
    ), () => {});
    this.tell(offers.length === 0 ? t("palette.nothing", { word }) : "");
  }

  /** choose selects a node and brings it into sight. */
  private choose(node: string): void {
    this.closest("dialog")?.close();
    desk.place.value = "stage";
    desk.selected.value = node;
    desk.show.tell("node");
    desk.reveal.tell(node);
  }

  /** take puts a verb into the line, to be completed. */
  private take(verb: Verb): void {
    const input = ref<HTMLInputElement>(this, "command");
    input.value = verb.args.length > 0 ? `${verb.verb} ` : verb.verb;
    input.focus();
    this.suggest();
  }

  private async enter(): Promise<void> {
    const [found, another] = findNodes(desk.store.nodes.peek(), this.line);
    if (found && (!another || found.name === this.line.trim())) return this.choose(found.name);
    const parsed = parseLine(this.line, this.all);
    if ("error" in parsed) return this.tell(parsed.error);
    if (parsed.verb === "show") return this.show(String(parsed.args.panel));
    if (parsed.verb === "lab") return this.visit(String(parsed.args.id ?? ""));
    if (parsed.verb === "director") return this.direct(parsed.args.choice);
    const done = await desk.run(parsed.verb, parsed.args);
    if (!done) return this.tell(desk.ran.peek()?.error ?? "");
    this.closest("dialog")?.close();
  }

  /** show opens a place or a panel: that is the page's own doing, and the lab is not asked. */
  private show(panel: string): void {
    const panels = PANELS.filter((p) => isIn(desk.kind.peek(), p));
    if (!panels.includes(panel)) return this.tell(t("palette.nopanel", { panel, panels: panels.join(", ") }));
    const place = PLACES.find((p) => p === panel);
    this.closest("dialog")?.close();
    if (place) desk.place.value = place;
    else desk.show.tell(panel);
  }

  /** direct turns slow motion on or off, or over when nothing is said. */
  private direct(choice: unknown): void {
    if (choice === undefined) director.toggle();
    else if (choice === "on" || choice === "off") director.choose(choice === "on");
    else return this.tell(t("palette.onoff", { verb: "director" }));
    this.closest("dialog")?.close();
  }

  /** visit goes to a lab's page; without a name it lists the labs. */
  private visit(id: string): void {
    this.closest("dialog")?.close();
    if (id) location.assign(labPage(id));
    else void openLabs();
  }

  private tell(text: string): void {
    const answer = ref(this, "refusal");
    say(answer, text);
    set(answer, "hidden", text === "");
  }
}

/** pageVerbs are the verbs that are the page's and not the lab's. */
function pageVerbs(): Verb[] {
  const verb = (name: string, arg: string, required: boolean, example: string): Verb => {
    const help = t(`verb.${name}`);
    return { verb: name, args: [{ name: arg, kind: "word", help, required }], help, example };
  };
  return [verb("show", "panel", true, "show bytes"), verb("director", "choice", false, "director on"), verb("lab", "id", false, "lab main")];
}

/** here is an example with this lab's nodes: examples speak of 7000 and those after it. */
function here(example: string): string {
  const first = Math.min(...desk.store.nodes.peek().map((n) => n.port));
  return Number.isFinite(first) ? example.replace(/\b70\d\d\b/g, (port) => String(first + Number(port) - 7000)) : example;
}

/** helpOf is what a verb does, in the page's language. */
function helpOf(verb: Verb): string {
  const id = `verb.${verb.verb}`;
  return knows(id) ? t(id) : verb.help;
}
