// The labs of the console as GET /api/labs tells them, and what can be asked about them.

import { get, HEADERS, post } from "../core/api.ts";
import type { ActionReply, Args } from "../core/wire.ts";
import { t } from "../core/words.ts";

/** One lab in a line. */
export interface Standing {
  id: string;
  kind: string;
  nodes: number;
  up: number;
  state: "forming" | "failed" | "ok" | "fail" | "mixed";
  why?: string;
  first: number;
  last: number;
  links: "tcp" | "memory";
  files: number;
  memory: number;
}

/** How much of something is used, and how much there is. */
export interface Share {
  used: number;
  most: number;
}

/** What there can be too little of. */
export type Resource = "labs" | "nodes" | "files" | "memory";

/** What all labs use together of what they may. */
export type Machine = Record<Resource, Share>;

/** All labs, the main one first. */
export interface Labs {
  labs: Standing[];
  machine: Machine;
}

/** A refusal of a lab for which there is no room says of what there is too little. */
export type NewReply = Standing | { error: string; field?: string; hint?: string; full?: Resource; room?: number };

/** labsNow lists the labs; null when they cannot be asked for. */
export async function labsNow(): Promise<Labs | null> {
  return get<Labs>("/api/labs").catch(() => null);
}

/** newLab opens a lab. */
export async function newLab(body: Args): Promise<NewReply> {
  return (await post("/api/labs", body)) as unknown as NewReply;
}

/** closeLab ends a lab. */
export async function closeLab(id: string): Promise<ActionReply> {
  try {
    const answer = await fetch(`/api/labs/${encodeURIComponent(id)}`, { method: "DELETE", headers: HEADERS });
    return (await answer.json()) as ActionReply;
  } catch {
    return { error: t("api.away"), hint: t("api.running") };
  }
}

/** setUp gives a lab another shape. */
export async function setUp(id: string, args: Args): Promise<ActionReply> {
  return post(`/api/labs/${encodeURIComponent(id)}/actions/setup`, args);
}
