// The command line equal to an action, shown before the server has answered with its own.

import type { Args } from "./wire.ts";

type Writer = (a: Args) => string[];

const word = (v: unknown) => (v === undefined || v === null || v === "" ? [] : [String(v)]);
const flag = (on: unknown, name: string) => (on ? [name] : []);
const option = (name: string, v: unknown) => (v === undefined || v === null || v === "" || v === 0 ? [] : [name, String(v)]);

/** How the verbs write their arguments; any other verb writes its values in order. */
const writers: Record<string, Writer> = {
  partition: (a) => [groups(a.groups), ...flag(a.oneWay, "--one-way")],
  delay: (a) => [...word(a.from), ...word(a.to), span(a), ...option("--bandwidth", a.bandwidth)],
  hold: (a) => [...option("--next", a.count), ...word(a.type), `${a.from ?? "*"}->${a.to ?? "*"}`],
  "add-replica": (a) => option("--of", a.of),
  "move-slots": (a) => [
    ...word(a.slots ?? a.count), ...option("--from", a.from), ...option("--to", a.to), ...flag(a.mode === "step", "--step"),
  ],
  failover: (a) => [...word(a.node), ...flag(a.mode && a.mode !== "default", `--${String(a.mode)}`)],
  mark: (a) => [JSON.stringify(a.text ?? "")],
};

/** commandFor writes the playground command that does the same as verb with args. */
export function commandFor(verb: string, args: Args): string {
  const write = writers[verb] ?? ((a: Args) => Object.values(a).flatMap(word));
  return ["playground", verb, ...write(args)].join(" ");
}

function groups(value: unknown): string {
  return Array.isArray(value) ? value.map((g) => (Array.isArray(g) ? g.join(",") : String(g))).join(" / ") : "";
}

function span(a: Args): string {
  return `${a.delayMs ?? 0}ms${a.jitterMs ? `~${String(a.jitterMs)}ms` : ""}`;
}
