// <network-panel>: partitions, delays, held frames; what the lab's network does, and undoing it.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { calmly, el, list, ref, say, set } from "../core/dom.ts";
import { bytes, duration } from "../core/format.ts";
import type { Args } from "../core/wire.ts";
import { ruleText } from "../stage/links.ts";
import { bindForm, fillChoosers, number, text } from "./forms.ts";
import { t } from "../core/words.ts";

/** NetworkPanel holds three forms and two lists. */
export class NetworkPanel extends HTMLElement {
  connectedCallback(): void {
    const forms = this.querySelectorAll<HTMLFormElement>("form[data-verb]");
    const previews = [...forms].map((form) => bindForm(form, form.dataset.verb!, readers[form.dataset.verb!]!));
    const partition = ref<HTMLFormElement>(this, "partition");
    partition.addEventListener("change", () => this.allowCut(partition));
    let names = "";
    effect(() => {
      const nodes = desk.store.nodes.value;
      const now = nodes.map((n) => `${n.name}${n.role}${n.shard}`).join();
      if (now === names) return;
      names = now;
      fillChoosers(this, nodes);
      this.sides();
      for (const preview of previews) preview();
      this.allowCut(partition);
    });
    desk.link.on(({ from, to }) => this.fill(from, to));
    effect(() => this.rules());
    const held = calmly(150, () => this.held());
    effect(() => {
      void desk.store.held.value;
      held();
    });
  }

  /** fill puts a link into the form that slows it down. */
  private fill(from: string, to: string): void {
    const form = this.querySelector<HTMLFormElement>("form[data-verb=delay]")!;
    for (const [name, value] of [["from", from], ["to", to]] as const) form.querySelector<HTMLSelectElement>(`select[name=${name}]`)!.value = value;
    form.dispatchEvent(new Event("change"));
    form.querySelector<HTMLInputElement>("input[name=delayMs]")?.focus();
  }

  private sides(): void {
    const box = ref(this, "sides");
    const ticks = box.querySelector("div") ?? box.appendChild(el("div", { class: "ticks" }));
    list(ticks, desk.store.nodes.peek(), (n) => n.name, (n) => el(
      "label", { class: "tick" }, el("input", { type: "checkbox", name: "side", value: n.name }), n.name,
    ), () => {});
  }

  /** allowCut lets a cut be made only when there is somebody on both sides. */
  private allowCut(form: HTMLFormElement): void {
    const ticked = form.querySelectorAll("input[name=side]:checked").length;
    form.querySelector<HTMLButtonElement>("button[type=submit]")!.disabled = ticked === 0 || ticked === desk.store.nodes.peek().length;
  }

  private rules(): void {
    const rules = desk.store.rules.value;
    ref(this, "norules").hidden = rules.length > 0;
    list(ref(this, "rules"), rules, (r) => `${r.from}>${r.to}`, () => el("li", {}, el("span", { class: "what" })), (item, rule) => {
      say(item.firstElementChild!, `${rule.from} → ${rule.to}  ${ruleText(rule)}`);
    });
  }

  private held(): void {
    const frames = desk.store.held.peek();
    ref(this, "noheld").hidden = frames.length > 0;
    list(ref(this, "held"), frames, (f) => String(f.id), (f) => el(
      "li", {}, el("span", { class: "what" }),
      el("button", { type: "button", click: () => void desk.run("release", { frame: f.id }) }, t("net.release")),
      el("button", { type: "button", class: "quiet", "data-danger": true, click: () => void desk.run("drop", { frame: f.id }) }, t("net.drop")),
    ), (item, f) => {
      say(item.firstElementChild!, `${f.type} ${f.from} → ${f.to}`);
      set(item, "title", t("net.frame", { id: f.id, bytes: bytes(f.bytes), time: duration(f.age) }));
    });
  }
}

/** typed leaves the type out when any will do. */
function typed(type: string): Args {
  return type === "any" ? {} : { type };
}

/** How each form's fields become the verb's arguments. */
const readers: Record<string, (data: FormData) => Args> = {
  partition: (data) => {
    const one = data.getAll("side").map(String);
    const rest = desk.store.nodes.peek().map((n) => n.name).filter((name) => !one.includes(name));
    return { groups: [one, rest], oneWay: data.has("oneWay") };
  },
  delay: (data) => ({
    from: text(data, "from"), to: text(data, "to"), delayMs: number(data, "delayMs"),
    jitterMs: number(data, "jitterMs"), bandwidth: number(data, "bandwidth"),
  }),
  hold: (data) => ({
    from: text(data, "from"), to: text(data, "to"), ...typed(text(data, "type")), count: number(data, "count"),
  }),
};
