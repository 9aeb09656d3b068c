// What the page asks the server about lessons. Steps run there; what comes of them arrives as progress.

import { withLab } from "../core/lab.ts";
import { get, HEADERS, post } from "../core/api.ts";
import type { Lesson, LessonNow, LessonSummary, TextProblem } from "../core/lesson.ts";
import type { ActionReply } from "../core/wire.ts";
import { language, t } from "../core/words.ts";

/** lessons lists the lessons, with their titles in the page's language. */
export async function lessons(): Promise<LessonSummary[]> {
  return get(`/api/lessons?lang=${language()}`);
}

/** lesson fetches one lesson in the page's language. */
export async function lesson(id: string): Promise<Lesson> {
  return get(address(id, ""));
}

/** lessonNow is the lesson that the lab is set for, and how far it is. */
export async function lessonNow(): Promise<LessonNow> {
  return get(`/api/lesson${withLab()}`);
}

/** start gives the lab what the lesson wants. */
export async function start(id: string): Promise<ActionReply> {
  return post(address(id, "/start"), {});
}

/** run runs a fence from one of its lines on, or only that line. */
export async function run(id: string, fence: string, line: number, step: boolean): Promise<ActionReply> {
  return post(address(id, "/run"), { fence, line, step });
}

/** stop ends the step that runs. */
export async function stop(): Promise<ActionReply> {
  return post(`/api/lesson/stop${withLab()}`, {});
}

/** end gives the lab its own shape back. */
export async function end(): Promise<ActionReply> {
  return post(`/api/lesson/end${withLab()}`, {});
}

/** What comes of a lesson that is brought: its id, or everything that is wrong in it. */
export type Brought = ActionReply & { id?: string; problems?: TextProblem[] };

/** bring hands over the text of a lesson's file. */
export async function bring(name: string, text: string): Promise<Brought> {
  try {
    const answer = await fetch(`/api/lessons?name=${encodeURIComponent(name)}`, {
      method: "POST", headers: { ...HEADERS, "Content-Type": "text/markdown" }, body: text,
    });
    return (await answer.json()) as Brought;
  } catch {
    return { error: t("api.away"), hint: t("api.running") };
  }
}

function address(id: string, rest: string): string {
  return `/api/lessons/${encodeURIComponent(id)}${rest}${withLab(`lang=${language()}`)}`;
}
