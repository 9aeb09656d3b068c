// <node-menu>: what can be done to a node, where the pointer is.

import { desk } from "../core/desk.ts";
import { el } from "../core/dom.ts";
import { isDown } from "../core/verdict.ts";
import type { NodeView } from "../core/wire.ts";

interface Item {
  action: string;
  label: (n: NodeView) => string;
  key: string;
  fits: (n: NodeView) => boolean;
}

const ITEMS: readonly Item[] = [
  { action: "kill", label: () => "Kill", key: "K", fits: (n) => !isDown(n) },
  { action: "restart", label: () => "Restart", key: "R", fits: () => true },
  { action: "freeze", label: (n) => (n.state === "frozen" ? "Thaw" : "Freeze"), key: "P", fits: (n) => !isDown(n) },
  { action: "isolate", label: () => "Isolate", key: "I", fits: (n) => !isDown(n) },
  { action: "failover", label: (n) => (n.role === "replica" ? "Fail over to this replica" : "Fail over to its replica"), key: "F", fits: () => true },
  { action: "add-replica", label: (n) => `Add a replica to shard ${n.shard}`, key: "", fits: () => true },
  { action: "remove", label: () => "Remove from the cluster", key: "Del", fits: () => true },
];

/** NodeMenu opens at a point and closes when something is chosen, or when attention goes elsewhere. */
export class NodeMenu extends HTMLElement {
  private back: HTMLElement | null = null;

  connectedCallback(): void {
    desk.menu.on(({ node, x, y }) => this.open(node, x, y));
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("focusout", (event) => {
      if (!this.contains(event.relatedTarget as Node | null)) this.hidden = true;
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.contains(event.target as Node)) this.hidden = true;
    });
  }

  private open(name: string, x: number, y: number): void {
    const node = desk.store.node(name);
    if (!node) return;
    this.back = document.activeElement as HTMLElement | null;
    this.replaceChildren(
      el("p", { class: "who" }, `${node.name} · ${node.role} of shard ${node.shard} · ${node.state}`),
      ...ITEMS.filter((item) => item.fits(node)).map((item) => this.button(item, node)),
    );
    this.hidden = false;
    this.style.left = `${Math.max(4, Math.min(x, innerWidth - this.offsetWidth - 4))}px`;
    this.style.top = `${Math.max(4, Math.min(y, innerHeight - this.offsetHeight - 4))}px`;
    this.querySelector("button")?.focus();
  }

  private button(item: Item, node: NodeView): HTMLElement {
    const choose = () => {
      this.close();
      desk.onNode(item.action, node);
    };
    return el(
      "button", { type: "button", role: "menuitem", "data-key": item.key.toLowerCase(), click: choose },
      item.label(node), ...(item.key ? [el("kbd", {}, item.key)] : []),
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
    else if (!this.press(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** press chooses the item whose key it is, so that the keys shown in the menu work in it. */
  private press(key: string): boolean {
    const name = key === "Delete" ? "del" : key.toLowerCase();
    const button = [...this.querySelectorAll("button")].find((b) => b.dataset.key === name);
    button?.click();
    return button !== undefined;
  }

  private move(step: number): void {
    const buttons = [...this.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  }
}
