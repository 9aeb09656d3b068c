// <room-panel>: the class, for the teacher: the code to join with, who is there, and the door.

import { roomNow, roomOpen, roomRemove } from "../core/api.ts";
import { el, list, ref, say, set } from "../core/dom.ts";
import type { Room } from "../core/wire.ts";
import { t } from "../core/words.ts";

/** How often the open panel asks who is there, in milliseconds. */
const LOOK_EVERY = 2000;

/** RoomPanel shows the class while its dialog is open. */
export class RoomPanel extends HTMLElement {
  private timer = 0;
  private room: Room | null = null;

  connectedCallback(): void {
    ref(this, "switch").addEventListener("click", () => void this.turn());
    this.closest("dialog")?.addEventListener("close", () => clearInterval(this.timer));
  }

  /** open shows the class and keeps looking until the dialog is closed. */
  open(): void {
    const dialog = this.closest("dialog");
    if (!dialog || dialog.open) return;
    dialog.showModal();
    void this.look();
    this.timer = window.setInterval(() => void this.look(), LOOK_EVERY);
  }

  private async look(): Promise<void> {
    this.show(await roomNow());
  }

  private async turn(): Promise<void> {
    this.show(await roomOpen(!this.room?.open));
  }

  private show(room: Room | null): void {
    ref(this, "switch").hidden = room === null;
    if (!room) return say(ref(this, "where"), t("room.none"));
    this.room = room;
    say(ref(this, "where"), room.open ? t("room.where", { links: room.links.join(" / ") }) : t("room.closed"));
    say(ref(this, "code"), room.code ?? "");
    say(ref(this, "count"), t("room.count", { n: room.people.length, watching: room.people.filter((p) => p.watching).length }));
    say(ref(this, "switch"), room.open ? t("room.shut") : t("room.open"));
    list(ref(this, "people"), room.people, (p) => String(p.id), (p) => el(
      "li", {}, el("span", { class: "mark", "aria-hidden": "true" }), el("b", {}, p.name), el("span", { class: "hint" }, p.from),
      el("button", { type: "button", class: "quiet", "aria-label": t("room.remove", { name: p.name }), click: () => void this.sendOut(p.id) }, t("room.out")),
    ), (child, p) => {
      say(child.firstElementChild!, p.watching ? "●" : "○");
      set(child, "title", p.watching ? t("room.here") : t("room.away"));
    });
  }

  private async sendOut(id: number): Promise<void> {
    this.show(await roomRemove(id));
  }
}
