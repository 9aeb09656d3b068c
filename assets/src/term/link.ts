// The way from a terminal on the page to its shell: one WebSocket per terminal.

import { labAPI } from "../core/lab.ts";
import { openSocket } from "../core/ticket.ts";

/** Why the server closes a terminal, beside the codes of the protocol (package tty). */
const IDLE = 4000;
const TOO_MANY = 4001;

/** The most that is sent in one message: what is pasted goes in pieces. */
const PIECE = 16 * 1024;

/** What a link tells. */
export interface LinkHooks {
  opened(): void;
  shown(data: Uint8Array): void;
  at(addr: string, cluster: boolean): void;
  closed(why: "ended" | "idle" | "crowded" | "lost"): void;
}

/** Link is one terminal's connection; it does not come back by itself. */
export class Link {
  private ws: WebSocket | null = null;
  private readonly encoder = new TextEncoder();

  constructor(node: string, hooks: LinkHooks) {
    void this.connect(node, hooks);
  }

  private async connect(node: string, hooks: LinkHooks): Promise<void> {
    const ws = await openSocket(labAPI(`/terminal?node=${encodeURIComponent(node)}`)).catch(() => null);
    if (!ws) return hooks.closed("lost");
    ws.onopen = () => hooks.opened();
    ws.onmessage = (event) => receive(event.data, hooks);
    ws.onclose = (event) => hooks.closed(reason(event.code));
    this.ws = ws;
  }

  /** ready tells whether keys reach the shell. */
  get ready(): boolean {
    return this.ws?.readyState === WebSocket.OPEN;
  }

  /** type sends keys. */
  type(keys: string): void {
    if (!this.ready) return;
    const bytes = this.encoder.encode(keys);
    for (let i = 0; i < bytes.length; i += PIECE) this.ws?.send(bytes.subarray(i, i + PIECE));
  }

  /** size tells how wide the screen is. */
  size(columns: number): void {
    if (this.ready) this.ws?.send(JSON.stringify({ type: "size", columns }));
  }
}

function receive(data: unknown, hooks: LinkHooks): void {
  if (data instanceof ArrayBuffer) return hooks.shown(new Uint8Array(data));
  const said = JSON.parse(String(data)) as { type: string; addr: string; cluster: boolean };
  if (said.type === "at") hooks.at(said.addr, said.cluster);
}

/** reason names why a terminal was closed. */
export function reason(code: number): "ended" | "idle" | "crowded" | "lost" {
  if (code === 1000) return "ended";
  if (code === IDLE) return "idle";
  return code === TOO_MANY ? "crowded" : "lost";
}
