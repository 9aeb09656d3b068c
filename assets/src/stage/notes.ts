// What a node needs said beside its name, in a few words.

import { bytes } from "../core/format.ts";
import { historyName, sameHistory } from "../core/history.ts";
import type { NodeView, SentinelView, Transfer } from "../core/wire.ts";
import { t } from "../core/words.ts";
import type { Picture } from "./picture.ts";

/** Less lag than this is a stream at work, not a replica behind: the stage stays calm about it. */
const LAG_WORTH_SAYING = 1024;

/** So much of the reason of a crash stands on the stage; the inspector and the story have all of it. */
const BRIEF = 30;

/** So many things are said of one node at once. */
const MOST = 2;

/** noteOn is what a node needs said: its state when it is not well, its lag when it is behind. */
export function noteOn(node: NodeView, picture: Picture): string {
  if (node.state === "crashed" && node.why) return `${t("state.crashed")}: ${brief(node.why)}`;
  if (node.state !== "up") return t(`state.${node.state}`);
  if (node.sentinel) return guardNote(node.sentinel);
  if (node.stream) return streamNotes(node, picture).filter(Boolean).slice(0, MOST).join(" · ");
  if (node.role !== "replica") return node.flags.includes("master") && node.slots.length === 0 ? t("stage.noslots") : "";
  if (!node.linkUp) return t("stage.linkdown");
  return lagNote(node);
}

/** streamNotes lists, the weightiest first, what a lab of replication has to say of a node. */
function streamNotes(node: NodeView, { nodes, target }: Picture): string[] {
  const { link, minReplicas } = node.stream!;
  return [
    link?.transfer ? syncNote(link.transfer) : link && !node.linkUp ? t("stage.linkdown") : "",
    link?.silent ? t("stage.silent") : "",
    minReplicas?.refuses ? t("stage.refuses") : "",
    node.name === target ? t("stage.clients") : "",
    sameHistory(nodes) ? "" : t("stage.history", { id: historyName(node.replid) }),
    node.linkUp ? lagNote(node) : "",
  ];
}

/** guardNote is what a Sentinel is at: a failover, or TILT. */
function guardNote({ watches, tiltUntil }: SentinelView): string {
  const state = watches[0]?.failover.state ?? "none";
  return tiltUntil > 0 ? t("stage.tilt") : state === "none" ? "" : t(`stage.${state}`);
}

function syncNote({ done, total }: Transfer): string {
  return total > 0 ? t("stage.syncing", { percent: Math.floor((100 * done) / total) }) : t("stage.snapshot");
}

function lagNote(node: NodeView): string {
  return node.lag < LAG_WORTH_SAYING ? "" : t("stage.lag", { bytes: bytes(node.lag) });
}

function brief(why: string): string {
  const line = why.split("\n")[0]!;
  return line.length > BRIEF ? `${line.slice(0, BRIEF)}…` : line;
}
