// The command line equal to an action, shown before the server has answered with its own. It is
// written as playground.CommandLine writes it: arguments in order, by name once one is left out.

import { LAB, MAIN_LAB } from "./lab.ts";
import type { Args } from "./wire.ts";

/** commandFor writes the playground command that does the same as verb with args. */
export function commandFor(verb: string, args: Args): string {
  const words = ["playground", "ctl", ...(LAB === MAIN_LAB ? [] : ["--lab", LAB]), verb];
  let ordered = true;
  for (const [name, value] of Object.entries(hushed(args))) {
    if (typeof value === "boolean") {
      if (value) words.push(`--${kebab(name)}`);
      continue;
    }
    const word = wordFor(name, value);
    if (word === "") ordered = false;
    else if (ordered) words.push(word);
    else words.push(`--${kebab(name.replace(/Ms$/, ""))}`, word);
  }
  return words.join(" ");
}

/** The settings whose values the server does not show either: playground.secretSettings. */
const SECRET = /^(requirepass|masterauth|tls-(client-)?key-file-pass)$/i;

/** hushed leaves passwords out: the screen may be on a wall. */
function hushed(args: Args): Args {
  return SECRET.test(String(args["name"] ?? "")) && "value" in args ? { ...args, value: "(redacted)" } : args;
}

function wordFor(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((group) => (Array.isArray(group) ? group.join(",") : String(group))).join(" / ");
  if (value === undefined || value === null) return "";
  if (value === 0 && name !== "rate") return "";
  return String(value) + (name.endsWith("Ms") ? "ms" : "");
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}
