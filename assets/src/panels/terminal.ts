// <redis-term>: lines go to the server, text comes back; what is printed is never touched.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { el, list, ref, say } from "../core/dom.ts";
import type { TermOutput } from "../core/wire.ts";
import { History } from "./history.ts";

/** So many pieces of output stay in the log. */
const LOG_LIMIT = 500;

/** RedisTerm is a log and an input line. */
export class RedisTerm extends HTMLElement {
  private readonly history = new History();
  private nextID = 1;
  private node = "";

  connectedCallback(): void {
    ref<HTMLFormElement>(this, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.enter();
    });
    ref(this, "line").addEventListener("keydown", (event) => this.key(event));
    ref(this, "clear").addEventListener("click", () => this.clear());
    ref(this, "log").addEventListener("click", () => this.focusLine());
    const select = ref<HTMLSelectElement>(this, "node");
    select.addEventListener("change", () => this.choose(select.value));
    desk.term.on((output) => this.print(output));
    effect(() => this.nodes());
  }

  /** choose makes a node the one that lines go to. */
  choose(name: string): void {
    const port = desk.store.node(name)?.port;
    if (port === undefined) return;
    this.node = name;
    ref<HTMLSelectElement>(this, "node").value = name;
    say(ref(this, "prompt"), `127.0.0.1:${port}> `);
  }

  /** focusLine puts the cursor into the line, unless text is being selected. */
  focusLine(): void {
    if (getSelection()?.isCollapsed !== false) ref(this, "line").focus();
  }

  private nodes(): void {
    const nodes = desk.store.nodes.value;
    list(ref(this, "node"), nodes, (n) => n.name, (n) => el("option", { value: n.name }), (option, n) => {
      say(option, `${n.name} ${n.role === "master" ? n.shard : n.shard.toLowerCase()}`);
    });
    if (!nodes.some((n) => n.name === this.node) && nodes[0]) this.choose(nodes[0].name);
  }

  private enter(): void {
    const input = ref<HTMLInputElement>(this, "line");
    const line = input.value.trim();
    input.value = "";
    this.history.add(line);
    if (line.toLowerCase() === "clear") return this.clear();
    this.add(el("div", { class: "in" }, ref(this, "prompt").textContent + line));
    if (!line) return;
    const cluster = ref<HTMLInputElement>(this, "cluster").checked;
    const sent = desk.send({ type: "term", id: this.nextID++, node: this.node, line, cluster });
    if (!sent) this.add(el("div", { class: "notice" }, "Not connected to the lab; the line was not sent."));
  }

  private print(output: TermOutput): void {
    if (output.text) this.add(el("div", { class: output.error ? "error" : undefined }, output.text.replace(/\n$/, "")));
    if (output.prompt) say(ref(this, "prompt"), output.prompt);
  }

  private add(line: HTMLElement): void {
    const log = ref(this, "log");
    log.append(line);
    while (log.childElementCount > LOG_LIMIT) log.firstElementChild!.remove();
    log.scrollTop = log.scrollHeight;
  }

  private clear(): void {
    ref(this, "log").replaceChildren();
  }

  private key(event: KeyboardEvent): void {
    const input = event.target as HTMLInputElement;
    if (event.key === "ArrowUp") input.value = this.history.up(input.value);
    else if (event.key === "ArrowDown") input.value = this.history.down(input.value);
    else if (event.key === "l" && event.ctrlKey) this.clear();
    else if (event.key === "Escape") document.getElementById("nodes")?.focus();
    else return;
    event.preventDefault();
  }
}
