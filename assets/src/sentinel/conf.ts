// A Sentinel's file: what its last rewrite put in is marked where it stands, what it took out stands above.

import { el, ref, say } from "../core/dom.ts";
import { clockTime } from "../core/format.ts";
import type { SentinelView } from "../core/wire.ts";
import { t } from "../core/words.ts";

/** fillConf shows the file. Lines are made anew only when the file is another. */
export function fillConf(panel: Element, { conf, name }: SentinelView): void {
  say(ref(panel, "rewritten"), conf.at > 0 ? t("sentinels.rewritten", { time: clockTime(conf.at) }) : t("sentinels.asread"));
  const file = ref(panel, "file");
  const key = `${name} ${conf.at} ${conf.text.length}`;
  if (file.dataset.key === key) return;
  file.dataset.key = key;
  const come = new Set(conf.diff.filter((d) => d.op === "+").map((d) => d.line));
  const gone = conf.diff.filter((d) => d.op === "-" && d.line.trim() !== "").map((d) => line("-", d.line));
  const kept = conf.text.trimEnd().split("\n").map((text) => line(come.has(text) && text.trim() !== "" ? "+" : " ", text));
  file.replaceChildren(...gone, ...kept);
}

function line(op: string, text: string): HTMLElement {
  const tag = op === "-" ? "del" : op === "+" ? "ins" : "span";
  return el(tag, {}, `${op} ${text}\n`);
}
