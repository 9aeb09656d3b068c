// REST: actions, verbs and lessons. Every answer is data; nothing here throws for a refusal.

import { labAPI } from "./lab.ts";
import type { ActionReply, Args, Room, Snapshot, Span, Stretch, Verb } from "./wire.ts";
import { t } from "./words.ts";

/** The header that tells the console's own requests from a stranger's form. */
export const HEADERS = { "Content-Type": "application/json", "X-Playground": "1" };

/** act asks the lab to do something. */
export async function act(verb: string, args: Args): Promise<ActionReply> {
  return post(labAPI(`/actions/${encodeURIComponent(verb)}`), args);
}

/** verbs lists what the lab can be asked to do. */
export async function verbs(): Promise<Verb[]> {
  return get("/api/verbs");
}

/** recorded tells what there is of the past. */
export async function recorded(): Promise<Span> {
  return get(labAPI("/history/range"));
}

/** pastAt fetches the whole lab as it was at a moment. */
export async function pastAt(t: number): Promise<Snapshot> {
  return get(labAPI(`/history/at?t=${Math.round(t)}`));
}

/** pastBetween fetches what happened after one moment up to another. */
export async function pastBetween(from: number, to: number): Promise<Stretch> {
  return get(labAPI(`/history/between?from=${Math.round(from)}&to=${Math.round(to)}`));
}

/** roomNow is the class; null when it cannot be asked. */
export async function roomNow(): Promise<Room | null> {
  return room(fetch("/api/room"));
}

/** roomOpen opens the class with a new code, or closes it. */
export async function roomOpen(open: boolean): Promise<Room | null> {
  return room(fetch("/api/room", { method: "POST", headers: HEADERS, body: JSON.stringify({ open }) }));
}

/** roomRemove sends somebody out. */
export async function roomRemove(id: number): Promise<Room | null> {
  return room(fetch(`/api/room/people/${id}/remove`, { method: "POST", headers: HEADERS, body: "{}" }));
}

async function room(asked: Promise<Response>): Promise<Room | null> {
  try {
    const answer = await asked;
    return answer.ok ? ((await answer.json()) as Room) : null;
  } catch {
    return null; // the status bar says that the server is away
  }
}

/** get fetches what a read-only address answers. */
export async function get<T>(path: string): Promise<T> {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as T;
}

/** post sends JSON; a refusal is an answer like any other. */
export async function post(path: string, body: Args): Promise<ActionReply> {
  try {
    const answer = await fetch(path, { method: "POST", headers: HEADERS, body: JSON.stringify(body) });
    const reply = (await answer.json()) as ActionReply;
    if (answer.ok || "error" in reply) return reply;
    return { error: t("api.answered", { status: answer.status }) };
  } catch {
    return { error: t("api.away"), hint: t("api.running") };
  }
}
