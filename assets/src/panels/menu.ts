// <node-menu>: what can be done to what is under the pointer, each item with the command it equals.

import { itemsFor, titleOf, type Item, type Subject } from "../core/actions.ts";
import { commandFor } from "../core/command.ts";
import { desk } from "../core/desk.ts";
import { el, say } from "../core/dom.ts";
import { copyButton } from "./copyline.ts";
import { toggleView } from "./inspector.ts";

/** NodeMenu opens at a point and closes when something is chosen, or when attention goes elsewhere. */
export class NodeMenu extends HTMLElement {
  private back: HTMLElement | null = null;
  private command = "";

  connectedCallback(): void {
    desk.menu.on(({ subject, x, y }) => this.open(subject, x, y));
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("focusout", (event) => {
      if (!this.contains(event.relatedTarget as Node | null)) this.hidden = true;
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.contains(event.target as Node)) this.hidden = true;
    });
  }

  private open(subject: Subject, x: number, y: number): void {
    const nodes = desk.live.nodes.peek();
    const items = itemsFor(subject, nodes, desk.live.held.peek().map((f) => f.id));
    if (items.length === 0) return;
    this.back = document.activeElement as HTMLElement | null;
    const line = el("code");
    this.replaceChildren(
      el("p", { class: "who", role: "presentation" }, titleOf(subject, nodes)),
      ...items.map((item) => this.button(item, subject, line)),
      el("div", { class: "typed", role: "presentation" }, line, copyButton(() => this.command)),
    );
    this.hidden = false;
    this.style.left = `${Math.max(4, Math.min(x, innerWidth - this.offsetWidth - 4))}px`;
    this.style.top = `${Math.max(4, Math.min(y, innerHeight - this.offsetHeight - 4))}px`;
    this.querySelector("button")?.focus();
  }

  private button(item: Item, subject: Subject, line: HTMLElement): HTMLElement {
    const show = () => {
      this.command = item.runs.map(([verb, args]) => commandFor(verb, args)).join(" && ");
      say(line, this.command);
    };
    const choose = () => {
      this.close();
      if (item.look) look(item.look, subject);
      else void desk.runAll(item.runs);
    };
    return el(
      "button", { type: "button", role: "menuitem", "data-key": item.key.toLowerCase(), click: choose, focus: show, pointerenter: show },
      item.label, ...(item.key ? [el("kbd", {}, item.key)] : []),
    );
  }

  private close(): void {
    this.hidden = true;
    this.back?.focus();
  }

  private key(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") this.close();
    else if (step !== 0) this.move(step);
    else if (!this.press(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** press chooses the item whose key it is, so that the keys shown in the menu work in it. */
  private press(event: KeyboardEvent): boolean {
    const name = event.key === "Delete" ? "del" : event.key.toLowerCase();
    const wanted = event.shiftKey && name.length === 1 ? `shift+${name}` : name;
    const button = this.buttons().find((b) => b.dataset.key === wanted);
    button?.click();
    return button !== undefined;
  }

  private buttons(): HTMLButtonElement[] {
    return [...this.querySelectorAll<HTMLButtonElement>("button[role=menuitem]")];
  }

  private move(step: number): void {
    const buttons = this.buttons();
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  }
}

/** look does what the page does by itself. */
function look(what: "view" | "link", subject: Subject): void {
  if (what === "view") toggleView();
  if (what !== "link" || subject.kind !== "link") return;
  desk.show.tell("network");
  desk.link.tell({ from: subject.from, to: subject.to });
}
