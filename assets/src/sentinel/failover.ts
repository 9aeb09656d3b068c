// A Sentinel's failover as the machine it is: seven states, the present one lit, and how long it may
// take, in the lab's time.

import { el, list, ref, say, set } from "../core/dom.ts";
import { duration } from "../core/format.ts";
import type { NodeView, Watch } from "../core/wire.ts";
import { t } from "../core/words.ts";

/** The states in the order in which a failover passes them. */
export const STATES = [
  "none", "wait_start", "select_slave", "send_slaveof_noone", "wait_promotion", "reconf_slaves", "update_config",
] as const;

/** fillFailover shows where a Sentinel is, as it is at a moment of the lab. */
export function fillFailover(panel: Element, guard: NodeView, now: number): void {
  const watch = guard.sentinel!.watches[0];
  const machine = ref(panel, "machine");
  const state = watch?.failover.state ?? "none";
  const at = STATES.indexOf(state);
  list(machine, STATES.map((name, i) => ({ name, i })), (s) => s.name, ({ name }) => el(
    "li", {}, el("span", { class: "mark" }), el("code", {}, name), el("span", {}, t(`fostate.${name}`)), el("small"),
  ), (item, { name, i }) => {
    set(item, "aria-current", name === state ? "step" : undefined);
    set(item, "data-passed", i < at && i > 0);
    say(item.children[0]!, name === state ? "▶" : i < at && i > 0 ? "✓" : "");
    say(item.lastElementChild!, name === state && watch ? remaining(watch, now) : "");
  });
  say(ref(panel, "epochs"), watch ? t("sentinels.epochs", { current: guard.currentEpoch, config: watch.configEpoch, quorum: watch.quorum, needed: watch.needed, voters: watch.voters }) : "");
  votes(panel, watch);
}

/** remaining is how long the present state may still take, or how long the next attempt must wait. */
export function remaining({ failover }: Watch, now: number): string {
  if (failover.state === "none") return failover.notBefore > now ? t("sentinels.notbefore", { time: duration(failover.notBefore - now) }) : "";
  return failover.until > 0 ? t("sentinels.until", { time: duration(Math.max(0, failover.until - now)) }) : "";
}

/** votes shows the ballots of the epoch: as many places as a leader needs, filled as votes come. */
function votes(panel: Element, watch: Watch | undefined): void {
  const counting = watch?.failover.state === "wait_start";
  const box = ref(panel, "ballots");
  box.hidden = !counting;
  if (!watch || !counting) return;
  const tallies = watch.failover.votes.length > 0 ? watch.failover.votes : [{ for: "–", count: 0 }];
  list(box, tallies, (v) => v.for, (v) => el("li", {}, el("span", { class: "name" }, v.for), el("span", { class: "votes" }), el("span")), (item, vote) => {
    const cast = Array.from({ length: Math.max(watch.needed, vote.count) }, (_, i) => el("span", { "data-cast": i < vote.count }, i < vote.count ? "✓" : ""));
    item.children[1]!.replaceChildren(...cast);
    say(item.lastElementChild!, t("sentinels.votes", { votes: vote.count, needed: watch.needed, epoch: watch.failover.epoch }));
  });
}
