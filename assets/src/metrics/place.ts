// <metric-charts>: the Metrics place. Its charts are loaded when it is first shown.

import { effect } from "@preact/signals-core";
import { desk } from "../core/desk.ts";
import { el, ref, say, set } from "../core/dom.ts";
import { clockTime } from "../core/format.ts";
import { bindRadios } from "../core/radios.ts";
import { t } from "../core/words.ts";
import type { Status } from "./charts.ts";
import { moment, pinned, span } from "./cursor.ts";

/** MetricCharts holds the window, the moment, and what is said while there are no charts. */
export class MetricCharts extends HTMLElement {
  private asked = false;
  private status: Status = { state: "loading", since: 0, last: 0 };

  connectedCallback(): void {
    effect(() => {
      if (desk.scene.value === "metrics" && !this.asked) void this.load();
    });
    effect(() => {
      void [moment.value, span.value];
      this.tellMoment();
    });
    bindRadios([...this.querySelectorAll<HTMLButtonElement>("[data-span]")], (button) => (span.value = Number(button.dataset.span) * 60_000));
    const slider = ref<HTMLInputElement>(this, "moment");
    slider.addEventListener("input", () => this.drag(Number(slider.value)));
    ref(this, "present").addEventListener("click", () => this.drag(0));
    ref(this, "then").addEventListener("click", () => this.visit());
  }

  /** drag points at a moment so many seconds from the right edge; nothing is the present. */
  private drag(seconds: number): void {
    pinned.value = seconds === 0 ? null : this.status.last + seconds * 1000;
    if (seconds === 0) desk.at.value = null;
  }

  /** visit shows the whole page as it was at the moment that is pointed at. */
  private visit(): void {
    const time = pinned.peek();
    if (time === null) return;
    pinned.value = null;
    desk.at.value = time;
  }

  private async load(): Promise<void> {
    this.asked = true;
    this.veil(t("metrics.loading"));
    try {
      const { start } = await import("./charts.ts");
      start(ref(this, "charts"), (status) => this.tell(status));
    } catch {
      this.asked = false;
      this.veil(t("metrics.broken"), el("button", { type: "button", click: () => void this.load() }, t("metrics.again")));
    }
  }

  private veil(text: string, ...more: Node[]): void {
    const veil = ref(this, "metricsveil");
    veil.hidden = text === "";
    if (veil.textContent !== text) veil.replaceChildren(text, ...more);
  }

  private tell(status: Status): void {
    this.status = status;
    this.veil(status.state === "loading" ? t("metrics.first") : status.state === "away" && !status.last ? t("metrics.away") : "");
    const away = status.state === "away" && status.last > 0;
    const note = ref(this, "since");
    set(note, "data-bad", away);
    say(note, away ? t("metrics.stopped", { time: clockText(status.last) }) : status.since > 0 ? t("metrics.since", { time: clockText(status.since) }) : "");
    this.tellMoment();
  }

  private tellMoment(): void {
    const slider = ref<HTMLInputElement>(this, "moment");
    const time = moment.peek();
    const { last } = this.status;
    slider.min = String(-span.peek() / 1000);
    const text = time === null ? t("metrics.now") : clockText(time);
    if (document.activeElement !== slider || time === null) slider.value = String(time === null ? 0 : Math.min(0, Math.round((time - last) / 1000)));
    set(slider, "aria-valuetext", text);
    say(ref(this, "when"), text);
    ref<HTMLButtonElement>(this, "then").disabled = pinned.peek() === null;
    ref<HTMLButtonElement>(this, "present").disabled = pinned.peek() === null && desk.at.peek() === null;
  }
}

/** clockText is a moment to the second. */
function clockText(time: number): string {
  return clockTime(time).slice(0, -3);
}
