// The one WebSocket: it connects, comes back by itself, acknowledges, and hands messages on.

import { decodeFrames, type Frames } from "./frames.ts";
import { Hearing } from "./hearing.ts";
import { withLab } from "./lab.ts";
import { openSocket } from "./ticket.ts";
import type { ServerMessage } from "./wire.ts";

/** The first and the longest pause before connecting again, in milliseconds. */
const FIRST_RETRY = 250;
const LONGEST_RETRY = 5000;

/** The server has no room for another socket of this session, or of anybody (package hub). */
const TOO_MANY = 4001;

/** How often the page tells the server how far it has come. */
const ACK_EVERY = 1000;

/** retryAfter is the pause before the n-th attempt in a row: doubled each time, up to the longest. */
export function retryAfter(attempt: number): number {
  return Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** attempt);
}

/** What a Socket needs of the page. */
export interface SocketHooks {
  since(): number;
  opened(): void;
  silent(): void; // connected, and nothing comes; opened ends it
  closed(crowded: boolean): void;
  message(message: ServerMessage): void;
  frames(frames: Frames): void;
}

/** Socket keeps one connection to /ws alive for as long as the page lives. */
export class Socket {
  private ws: WebSocket | null = null;
  private attempt = 0;
  private readonly hearing = new Hearing();

  constructor(private readonly hooks: SocketHooks) {}

  /** start connects and keeps connected. */
  start(): void {
    void this.connect();
    setInterval(() => {
      this.send({ type: "ack", seq: this.hooks.since() });
      if (this.hearing.check(performance.now())) this.hooks.silent();
    }, ACK_EVERY);
  }

  /** send writes a message, or reports that there is no connection. */
  send(message: Record<string, unknown>): boolean {
    if (this.ws?.readyState !== WebSocket.OPEN) return false;
    this.ws.send(JSON.stringify(message));
    return true;
  }

  /** resync drops the connection, so that the next one begins with a snapshot. */
  resync(): void {
    this.ws?.close();
  }

  /** connect opens the socket with a ticket of its own, the next time with another. */
  private async connect(): Promise<void> {
    const ws = await openSocket(`/ws${withLab(`since=${Math.max(0, this.hooks.since())}`)}`).catch(() => null);
    this.ws = ws;
    if (!ws) return this.lost();
    let heard = false; // a socket that is open may still be refused: the first message says that it is not
    ws.onmessage = (event) => {
      const again = this.hearing.hear(performance.now());
      if (!heard || again) this.welcome();
      heard = true;
      this.receive(event.data);
    };
    ws.onclose = (event) => this.lost(event.code === TOO_MANY);
  }

  private welcome(): void {
    this.attempt = 0;
    this.hooks.opened();
  }

  private lost(crowded = false): void {
    this.hearing.hang();
    this.hooks.closed(crowded);
    setTimeout(() => void this.connect(), crowded ? LONGEST_RETRY : retryAfter(this.attempt++));
  }

  private receive(data: unknown): void {
    if (data instanceof ArrayBuffer) this.hooks.frames(decodeFrames(data));
    else this.hooks.message(JSON.parse(String(data)) as ServerMessage);
  }
}
