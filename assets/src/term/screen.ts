// The screen of a terminal: xterm, without anything that the page's content policy forbids. This
// file and xterm are loaded when a terminal is opened for the first time.

import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { t } from "../core/words.ts";
import { looksOf, onRestyle } from "./looks.ts";
import { withLiveSheets } from "./sheets.ts";

/** So many rows that have left the screen can be scrolled back to. */
const SCROLLBACK = 2000;

/** The height of a row, in heights of its letters. */
const LEADING = 1.25;

/** What a screen tells. */
export interface ScreenHooks {
  typed(keys: string): void;
  resized(columns: number): void;
  left(): void;
}

/** Screen shows what a shell writes and tells what is typed. */
export class Screen {
  private readonly xterm: Terminal;
  private readonly fitter = new FitAddon();

  private constructor(private readonly host: HTMLElement, private readonly hooks: ScreenHooks) {
    this.xterm = new Terminal({
      ...looksOf(host), lineHeight: LEADING, scrollback: SCROLLBACK, screenReaderMode: true, macOptionIsMeta: true, cursorBlink: false,
      linkHandler: { activate: () => {} }, // what a node says opens nothing
    });
    this.xterm.loadAddon(this.fitter);
    this.xterm.attachCustomKeyEventHandler((event) => this.key(event));
    this.xterm.onData((keys) => hooks.typed(keys));
    this.xterm.onBinary((keys) => hooks.typed(keys));
    this.xterm.onResize(({ cols }) => hooks.resized(cols));
  }

  /** open draws a screen in an element of the page, once its letters are there to be measured. */
  static async open(host: HTMLElement, hooks: ScreenHooks): Promise<Screen> {
    const { fontFamily, fontSize } = looksOf(host);
    await document.fonts.load(`${fontSize}px ${fontFamily}`);
    const screen = new Screen(host, hooks);
    withLiveSheets(() => screen.xterm.open(host));
    screen.xterm.textarea?.setAttribute("aria-label", t("term.input"));
    new ResizeObserver(() => screen.fit()).observe(host);
    onRestyle(() => screen.restyle());
    screen.fit();
    return screen;
  }

  /** columns is the width. */
  get columns(): number {
    return this.xterm.cols;
  }

  /** write shows what a shell has written. */
  write(data: Uint8Array | string): void {
    this.xterm.write(data);
  }

  /** focus lets the keyboard write here. */
  focus(): void {
    this.xterm.focus();
  }

  /** clear leaves the line of the cursor only. */
  clear(): void {
    this.xterm.clear();
  }

  /** text is everything that can be read, without the breaks of lines that were too long. */
  text(): string {
    const buffer = this.xterm.buffer.active;
    let all = "";
    for (let i = 0; i < buffer.length; i++) {
      const line = buffer.getLine(i);
      if (!line) continue;
      if (i > 0 && !line.isWrapped) all += "\n";
      all += line.translateToString(!buffer.getLine(i + 1)?.isWrapped);
    }
    return all.trimEnd();
  }

  private fit(): void {
    if (this.host.clientWidth > 0 && this.host.clientHeight > 0) this.fitter.fit();
  }

  private restyle(): void {
    Object.assign(this.xterm.options, looksOf(this.host));
    this.fit();
  }

  /** key decides about keys that are the page's or the browser's; false leaves them to it. */
  private key(event: KeyboardEvent): boolean {
    const held = event.ctrlKey || event.metaKey;
    if (event.key === "Escape" && !held && !event.shiftKey && !event.altKey) {
      if (event.type === "keydown") this.hooks.left();
      event.preventDefault();
      event.stopPropagation();
      return false;
    }
    if (held && event.key.toLowerCase() === "v") return false; // the browser pastes
    if (held && event.key.toLowerCase() === "c" && (event.shiftKey || this.xterm.hasSelection())) return false; // and copies
    return true;
  }
}
