// A typed command as an action: "delay 7000 7001 200ms~50ms", read by the verb's own description.

import { whatToMove } from "./slots.ts";
import type { Args, Verb } from "./wire.ts";
import { t } from "./words.ts";

type Arg = Verb["args"][number];

/** What a line asks for, or why it cannot be read. */
export type Parsed = { verb: string; args: Args } | { error: string };

/** A mistake in the line, told to the person who typed it. */
class Mistake extends Error {}

/** parseLine reads a line. A leading "playground ctl" is allowed, so that shown commands can be pasted. */
export function parseLine(line: string, verbs: readonly Verb[]): Parsed {
  const words = line.trim().split(/\s+/).filter(Boolean);
  if (words[0] === "playground") words.shift();
  if (words[0] === "ctl") words.shift();
  if (words[0] === "--lab") words.splice(0, 2); // a shown command names the lab that the page shows
  const verb = verbs.find((v) => v.verb === words[0]);
  if (!verb) return { error: words[0] ? t("palette.noverb", { verb: words[0] }) : "" };
  try {
    return { verb: verb.verb, args: readArgs(verb, words.slice(1)) };
  } catch (err) {
    if (err instanceof Mistake) return { error: err.message };
    throw err;
  }
}

function readArgs(verb: Verb, words: string[]): Args {
  const args: Args = {};
  const open = verb.args.filter((a) => a.kind !== "flag");
  while (words.length > 0) {
    const word = words.shift()!;
    const named = word.startsWith("--") ? argNamed(verb, word.slice(2)) : undefined;
    if (named?.kind === "flag") {
      args[named.name] = true;
      continue;
    }
    const arg = named ?? open[0];
    if (!arg) throw new Mistake(`${verb.verb} takes no further argument: ${word}`);
    open.splice(open.indexOf(arg), 1);
    const first = named ? words.shift() ?? "" : word;
    readValue(arg, first, words, args, open);
  }
  const missing = open.find((a) => a.required);
  if (missing) throw new Mistake(`${missing.name} is missing: ${missing.help}. Example: ${verb.example}`);
  return args;
}

function argNamed(verb: Verb, name: string): Arg {
  const plain = (s: string) => s.replace(/-/g, "").replace(/Ms$/, "").toLowerCase();
  const arg = verb.args.find((a) => plain(a.name) === plain(name));
  if (!arg) throw new Mistake(`${verb.verb} has no --${name}.`);
  return arg;
}

/** readValue reads one argument; some kinds take more than one word, or give the next argument too. */
function readValue(arg: Arg, word: string, rest: string[], args: Args, open: Arg[]): void {
  const read = readers[arg.kind];
  if (read) read(arg, word, rest, args, open);
  else args[arg.name] = word;
}

type Reader = (arg: Arg, word: string, rest: string[], args: Args, open: Arg[]) => void;

const readers: Record<string, Reader> = {
  node: (arg, word, rest, args) => {
    const numbered = /^(master|replica|sentinel)$/.test(word) && /^[1-9]\d?$/.test(rest[0] ?? "");
    args[arg.name] = numbered ? `${word} ${rest.shift()}` : word;
  },
  int: (arg, word, _rest, args) => {
    args[arg.name] = Math.trunc(numberIn(arg, word));
  },
  float: (arg, word, _rest, args) => {
    args[arg.name] = numberIn(arg, word);
  },
  text: (arg, word, rest, args) => {
    args[arg.name] = [word, ...rest.splice(0)].join(" ");
  },
  slots: (arg, word, _rest, args) => {
    const what = whatToMove(word);
    if (!what) throw new Mistake(`${arg.name} is a count such as 100, or slots such as 0-99,200.`);
    Object.assign(args, what);
  },
  groups: (arg, word, rest, args) => {
    const flag = rest.findIndex((w) => w.startsWith("--"));
    const words = [word, ...rest.splice(0, flag < 0 ? rest.length : flag)];
    args[arg.name] = words.join(" ").split("/").map((group) => group.split(/[\s,]+/).filter(Boolean));
  },
  ms: (arg, word, _rest, args, open) => {
    const [first, second] = word.split("~");
    args[arg.name] = millisIn(arg, first!);
    if (second === undefined || open[0]?.kind !== "ms") return;
    args[open[0].name] = millisIn(open[0], second);
    open.shift();
  },
};

function numberIn(arg: Arg, word: string): number {
  const n = word === "off" ? 0 : Number(word);
  if (!Number.isFinite(n)) throw new Mistake(`${arg.name} is a number, not “${word}”.`);
  return n;
}

function millisIn(arg: Arg, word: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(word);
  if (!match) throw new Mistake(`${arg.name} is a time such as 200ms or 1.5s, not “${word}”.`);
  return Math.round(Number(match[1]) * (match[2] === "s" ? 1000 : 1));
}
