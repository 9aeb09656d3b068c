// Lessons as the server tells them. Prose is a small tree that the page renders node by node, never
// as markup.

/** A lesson in the list. */
export interface LessonSummary {
  id: string;
  title: string;
  summary?: string;
  level: number;
  minutes: number;
  languages: string[];
  steps: number;
  quizzes: number;
  nodes: number;
  origin: "built-in" | "folder" | "upload";
}

/** What is wrong at a place of a lesson's text, and what to write instead. Line and column count from 1. */
export interface TextProblem {
  file: string;
  line: number;
  column: number;
  error: string;
  hint?: string;
}

/** A piece of prose: plain text, or an element with children. kind is an alert's. */
export type Prose = string | { t: string; c?: Prose[]; href?: string; kind?: string };

/** A piece of a lesson, in the order of its text. */
export type LessonBlock =
  | { kind: "prose"; nodes: Prose[] }
  | { kind: "redis"; fence: string; node: string; cluster: boolean; within: number; text: string; steps?: number[] }
  | { kind: "play"; fence: string; lines: string[]; steps?: number[] }
  | { kind: "quiz"; fence: string; question: Prose[]; choices: { nodes: Prose[]; right: boolean }[]; reveal?: Prose[] };

/** One lesson in one language. */
export interface Lesson {
  id: string;
  title: string;
  level: number;
  minutes: number;
  language: string;
  blocks: LessonBlock[];
  foreign?: boolean;
}

/** How far a fence is. Ready means stopped between two lines, stopped that somebody ended it. */
export type FenceState = "idle" | "running" | "waiting" | "ready" | "passed" | "failed" | "stopped";

/** How far one fence of a lesson has come. */
export interface LessonProgress {
  type: "lesson";
  id: string;
  fence: string;
  line: number;
  state: FenceState;
  text?: string;
  expected?: string[];
  got?: string[];
  focus?: string[];
  caption?: string;
  panel?: string;
}

/** The lesson that the lab is set for. id is empty when there is none. */
export interface LessonNow {
  id: string;
  running: boolean;
  fence?: string; // the one under way, or the last
  line?: number;
  fences?: Record<string, FenceState>;
  failed?: { fence: string; line: number; text?: string; expected?: string[]; got?: string[] }[];
  focus?: string[];
  caption?: string;
  panel?: string;
}
