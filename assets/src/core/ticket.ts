// A socket is opened with a ticket that was asked for just before: it is good once and belongs to this
// session. It travels among the protocols, where no log of addresses sees it.

import { HEADERS } from "./api.ts";

/** What is spoken over a socket of the console; the server names it back. */
const PROTOCOL = "playground";

/** openSocket connects to a path of the console; it throws where no ticket is to be had. */
export async function openSocket(path: string): Promise<WebSocket> {
  const answer = await fetch("/api/ticket", { method: "POST", headers: HEADERS, body: "{}" });
  if (!answer.ok) throw new Error(`/api/ticket answered ${answer.status}`);
  const { ticket } = (await answer.json()) as { ticket: string };
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}${path}`, [PROTOCOL, `ticket.${ticket}`]);
  socket.binaryType = "arraybuffer";
  return socket;
}
