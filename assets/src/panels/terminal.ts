// <redis-term>: a terminal of the page. Until somebody wants one, nothing is loaded and no node has
// a client of ours; then a screen is drawn here and a shell opened behind it.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { el, list, ref, say } from "../core/dom.ts";
import { letterOf } from "../core/shard.ts";
import { t } from "../core/words.ts";
import { Link } from "../term/link.ts";
import type { Screen } from "../term/screen.ts";

const INTERRUPT = "\x03"; // ends what runs, or drops the line
const QUIET = "\x1b[90m";
const NORMAL = "\x1b[0m";

/** RedisTerm is one terminal and the controls above it. */
export class RedisTerm extends HTMLElement {
  private screen: Screen | null = null;
  private opening: Promise<Screen> | null = null;
  private link: Link | null = null;
  private waiting = ""; // keys that were pressed before there was a shell
  private node = "";

  connectedCallback(): void {
    ref(this, "start").addEventListener("click", () => void this.open());
    ref(this, "clear").addEventListener("click", () => this.clear());
    const node = ref<HTMLSelectElement>(this, "node");
    node.addEventListener("change", () => void this.open(node.value));
    const cluster = ref<HTMLInputElement>(this, "cluster");
    cluster.addEventListener("change", () => this.command(cluster.checked ? ":set cluster" : ":set nocluster"));
    effect(() => this.nodes());
  }

  /** open puts the keyboard into the terminal; with a node, it goes there first. */
  async open(node?: string): Promise<void> {
    const at = desk.store.node(node ?? "");
    if (this.link && at && at.name !== this.node) this.command(`connect 127.0.0.1 ${at.port}`);
    else if (at) this.node = at.name;
    this.screen ??= await (this.opening ??= this.draw());
    if (!this.link) this.connect();
    this.screen.focus();
  }

  /** command types a line as a person would, so that it can be read what a click does. */
  command(line: string): void {
    if (this.link) this.type(`${INTERRUPT}${line}\r`);
    else void this.open().then(() => this.type(`${line}\r`));
  }

  /** send goes to a node and types a line there. */
  async send(node: string, line: string): Promise<void> {
    await this.open(node);
    this.type(`${line}\r`);
  }

  /** text is what stands on the screen. */
  text(): string {
    return this.screen?.text() ?? "";
  }

  private async draw(): Promise<Screen> {
    const place = ref(this, "screen");
    const { Screen } = await import("../term/screen.ts").catch((error: unknown) => {
      this.opening = null; // the lab may be away: the next click tries again
      throw error;
    });
    ref(this, "start").hidden = true;
    place.hidden = false;
    return Screen.open(place, {
      typed: (keys) => this.type(keys),
      resized: (columns) => this.link?.size(columns),
      left: () => document.getElementById("nodes")?.focus(),
    });
  }

  private connect(): void {
    const screen = this.screen!;
    const link = new Link(this.node, {
      opened: () => {
        link.size(screen.columns);
        link.type(this.waiting);
        this.waiting = "";
      },
      shown: (data) => screen.write(data),
      at: (addr, cluster) => this.at(addr, cluster),
      closed: (why) => {
        this.link = null;
        this.waiting = "";
        screen.write(`\r\n${QUIET}${t(`term.${why}`)}${NORMAL}\r\n`);
      },
    });
    this.link = link;
  }

  /** type sends keys; without a shell, Enter opens one. */
  private type(keys: string): void {
    if (!this.link) {
      if (keys.includes("\r")) this.connect();
    } else if (this.link.ready) this.link.type(keys);
    else this.waiting += keys;
  }

  /** at notes where the shell is, which a redirection may have changed. */
  private at(addr: string, cluster: boolean): void {
    const port = Number(addr.slice(addr.lastIndexOf(":") + 1));
    this.node = desk.store.nodes.peek().find((n) => n.port === port)?.name ?? "";
    ref<HTMLSelectElement>(this, "node").value = this.node;
    ref<HTMLInputElement>(this, "cluster").checked = cluster;
  }

  private nodes(): void {
    const nodes = desk.store.nodes.value;
    const select = ref<HTMLSelectElement>(this, "node");
    list(select, nodes, (n) => n.name, (n) => el("option", { value: n.name }), (option, n) => {
      say(option, `${n.name} ${letterOf(n)}`);
    });
    if (!this.node && nodes[0]) this.node = nodes[0].name;
    select.value = this.node;
    say(ref(this, "prompt"), `127.0.0.1:${desk.store.node(this.node)?.port ?? ""}> `);
  }

  private clear(): void {
    this.screen?.clear();
    this.screen?.focus();
  }
}
