// <status-bar>: what the lab is like, in seven facts and a badge, and its clock.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, el, ref, say, set } from "../core/dom.ts";
import { clockTime, count } from "../core/format.ts";
import { shardsOf } from "../core/shard.ts";
import { SLOTS } from "../core/slots.ts";
import { LAB } from "../core/lab.ts";
import { t } from "../core/words.ts";

/** Each state of the lab with its mark and word: never colour alone. */
const STATES = {
  ok: ["✓", "status.ok"],
  fail: ["✕", "status.fail"],
  mixed: ["?", "status.mixed"],
} as const;

/** The same of a lab without a cluster. */
const PLAIN = { ok: "status.plainok", fail: "status.plainfail", mixed: "status.plainmixed" } as const;

/** StatusBar follows the summary and the clock. */
export class StatusBar extends HTMLElement {
  connectedCallback(): void {
    say(ref(this, "lab"), LAB);
    const facts = calmly(200, () => this.facts());
    effect(() => {
      void [desk.store.summary.value, desk.store.nodes.value, desk.store.load.value];
      facts();
    });
    effect(() => this.clock());
    effect(() => this.link());
    setInterval(() => this.time(), 100);
    ref<HTMLSelectElement>(this, "speed").addEventListener("change", (event) => {
      void desk.run("speed", { factor: Number((event.target as HTMLSelectElement).value) });
    });
  }

  private facts(): void {
    const { store } = desk;
    if (!store.loaded.value) return;
    const s = store.summary.value;
    const [mark, word] = STATES[s.state] ?? STATES.mixed;
    set(ref(this, "badge"), "data-state", s.state);
    say(ref(this, "mark"), mark);
    say(ref(this, "word"), t(s.topology === "cluster" ? word : PLAIN[s.state]));
    ref(this, "faithful").hidden = !s.faithful;
    say(ref(this, "shards"), count(shardsOf(store.nodes.value).size));
    say(ref(this, "nodes"), count(store.nodes.value.length));
    say(ref(this, "slots"), `${s.slotsCovered}/${SLOTS}`);
    say(ref(this, "epoch"), String(s.epoch));
    say(ref(this, "rate"), count(s.rate));
    say(ref(this, "seed"), String(s.seed));
    say(ref(this, "master"), store.nodes.value.filter((n) => n.role === "master" && n.state === "up").map((n) => n.name).join(", ") || "–");
    say(ref(this, "target"), store.load.value.target ?? "–");
  }

  private clock(): void {
    const { paused, speed, next } = desk.store.clock.value;
    const pause = ref(this, "pause");
    set(pause, "aria-pressed", String(paused));
    set(pause, "aria-label", paused ? t("status.resume") : t("status.pause"));
    const step = ref(this, "step") as HTMLButtonElement;
    step.disabled = !paused;
    step.title = next ? t("status.stepnext", { what: next.what, who: next.who }) : t("status.stepkey");
    const select = ref<HTMLSelectElement>(this, "speed");
    if (document.activeElement !== select) showSpeed(select, speed);
    set(select, "data-changed", speed !== 1);
  }

  private link(): void {
    const words = { connecting: t("status.connecting"), reconnecting: t("status.reconnecting"), silent: t("status.silent"), crowded: t("status.crowded"), locked: t("status.locked"), live: "" };
    const connection = desk.store.connection.value;
    say(ref(this, "link"), words[connection]);
    set(document.documentElement, "data-link", connection);
  }

  private time(): void {
    if (desk.store.loaded.peek() && (desk.past.past || desk.store.connection.peek() === "live")) {
      say(ref(this, "time"), clockTime(desk.times().virtual));
    }
  }
}

/** showSpeed selects a speed; an uncommon one, as of a cluster that forms, is in the list only as long as it lasts. */
function showSpeed(select: HTMLSelectElement, speed: number): void {
  const value = String(speed);
  select.querySelector(`[data-rare]:not([value="${value}"])`)?.remove();
  if (![...select.options].some((o) => o.value === value)) select.add(el("option", { value, "data-rare": true }, `${Number(speed.toPrecision(3))}×`));
  select.value = value;
}
