// What GET …/inspect/… answers: what a node says to one command that reads about it, as tables.

import { labAPI } from "../core/lab.ts";
import { t } from "../core/words.ts";

/** A part of an answer. Without columns a row is a name and a value. */
export interface InfoTable {
  title: string;
  columns: readonly string[] | null;
  rows: readonly (readonly string[])[] | null;
}

/** What a node answers to one command. next is the cursor of the page of keys behind this one. */
export interface Inspection {
  node: string;
  command: string;
  now: number;
  next?: string;
  tables: readonly InfoTable[];
}

/** inspect asks a node about itself; a refusal is a sentence with what to do. */
export async function inspect(node: string, what: string, cursor: string): Promise<Inspection | { error: string }> {
  const query = what === "keys" ? `?cursor=${encodeURIComponent(cursor)}` : "";
  try {
    const answer = await fetch(labAPI(`/nodes/${encodeURIComponent(node)}/inspect/${what}${query}`));
    const body = (await answer.json()) as Inspection & { error?: string; hint?: string };
    return body.error === undefined ? body : { error: [body.error, body.hint].filter(Boolean).join(": ") };
  } catch {
    return { error: t("api.away") };
  }
}
