// <lab-list>: the labs side by side, each with its own page; a form for another, and what is left of the
// computer.

import { el, list, ref, say, set } from "../core/dom.ts";
import { LAB, labPage, MAIN_LAB } from "../core/lab.ts";
import { knows, t } from "../core/words.ts";
import { closeLab, labsNow, newLab, setUp, type Labs, type Standing } from "./api.ts";
import { bodyOf, commandOf, wishOf, type Wish } from "./form.ts";
import { Strike } from "./incident.ts";
import { drawFull, drawMachine, type Shortage } from "./full.ts";

/** How often the open list asks anew, in milliseconds. */
const LOOK_EVERY = 1000;

/** How long a press that would close a lab waits for the second one. */
const SURE = 4000;

/** Each state with its mark: never colour alone. */
const MARKS: Record<Standing["state"], string> = { ok: "✓", fail: "✕", failed: "✕", mixed: "?", forming: "…" };

/** LabList is the content of the labs' dialog. */
export class LabList extends HTMLElement {
  private timer = 0;
  private strike: Strike | null = null;
  private now: Labs | null = null;
  private shortage: Shortage | null = null;
  private sure = ""; // the lab whose button asks for a second press
  private doubt = 0;

  connectedCallback(): void {
    const form = ref<HTMLFormElement>(this, "form");
    form.addEventListener("input", () => this.preview());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.ask(wishOf(new FormData(form)));
    });
    this.strike = new Strike(this);
    this.closest("dialog")?.addEventListener("close", () => clearInterval(this.timer));
    this.preview();
  }

  /** open shows the labs and keeps looking until the dialog is closed. */
  open(): void {
    const dialog = this.closest("dialog");
    if (!dialog || dialog.open) return;
    dialog.showModal();
    void this.look();
    this.timer = window.setInterval(() => void this.look(), LOOK_EVERY);
  }

  /** look asks anew. */
  async look(): Promise<void> {
    const now = await labsNow();
    if (!now) return;
    this.now = now;
    this.draw();
  }

  private draw(): void {
    if (!this.now) return;
    list(ref(this, "labs"), this.now.labs, (lab) => lab.id, (lab) => this.row(lab), (row, lab) => this.fill(row, lab));
    this.strike?.offer(this.now.labs);
    drawMachine(ref(this, "machine"), this.now, this.shortage?.full ?? null);
    drawFull(ref(this, "full"), this.now, this.shortage, this.sure, {
      ask: (wish) => void this.ask(wish), close: (id) => this.press(id), shrink: (id) => void this.shrink(id),
    });
  }

  private row(lab: Standing): HTMLElement {
    const close = el("button", { type: "button", class: "quiet", click: () => this.press(lab.id) }, t("labs.close"));
    close.hidden = lab.id === MAIN_LAB;
    return el(
      "li", { "aria-current": lab.id === LAB ? "page" : undefined },
      el("span", { class: "badge" }, el("span", { "aria-hidden": "true" }), " ", el("span")),
      el("a", { href: labPage(lab.id) }, lab.id), el("span", { class: "kind" }), el("span", { class: "where" }), close,
    );
  }

  private fill(row: HTMLElement, lab: Standing): void {
    const [badge, , kind, where, close] = row.children as unknown as [HTMLElement, HTMLElement, HTMLElement, HTMLElement, HTMLElement];
    set(badge, "data-state", lab.state === "failed" ? "fail" : lab.state);
    set(badge, "title", lab.why ?? "");
    say(badge.firstElementChild!, MARKS[lab.state]);
    say(badge.lastElementChild!, t(`labs.state-${lab.state}`));
    say(kind, kindName(lab.kind));
    say(where, t("labs.where", { up: lab.up, nodes: lab.nodes, first: lab.first, last: lab.last }));
    say(close, t(this.sure === lab.id ? "labs.sure" : "labs.close", { lab: lab.id }));
    close.toggleAttribute("data-sure", this.sure === lab.id);
  }

  /** press closes a lab with the second press; a first one that is not followed is forgotten. */
  private press(id: string): void {
    clearTimeout(this.doubt);
    if (this.sure === id) {
      this.sure = "";
      void this.end(id);
      return;
    }
    this.sure = id;
    this.doubt = window.setTimeout(() => {
      this.sure = "";
      this.draw();
    }, SURE);
    this.draw();
  }

  private async end(id: string): Promise<void> {
    const reply = await closeLab(id);
    this.tell("error" in reply ? [reply.error, reply.hint].filter(Boolean).join(" ") : "");
    if (!("error" in reply)) {
      this.shortage = null;
      if (id === LAB) return void location.assign(labPage(MAIN_LAB));
    }
    await this.look();
  }

  private async shrink(id: string): Promise<void> {
    const reply = await setUp(id, { masters: 3, replicas: 1 });
    this.tell("error" in reply ? [reply.error, reply.hint].filter(Boolean).join(" ") : "");
    if (!("error" in reply)) this.shortage = null;
    await this.look();
  }

  /** ask opens a lab, and goes on to its page when there was room. */
  private async ask(wish: Wish): Promise<void> {
    const reply = await newLab(bodyOf(wish));
    if (!("error" in reply)) return void location.assign(labPage(reply.id));
    this.shortage = reply.full ? { wish, full: reply.full, room: reply.room ?? 0 } : null;
    this.tell(reply.full ? "" : [reply.error, reply.hint].filter(Boolean).join(" "));
    await this.look();
    if (this.shortage) ref(this, "full").scrollIntoView({ block: "nearest" });
  }

  private preview(): void {
    const wish = wishOf(new FormData(ref<HTMLFormElement>(this, "form")));
    ref(this, "masters").hidden = wish.kind !== "cluster";
    say(ref(this, "typed"), commandOf(wish));
  }

  private tell(text: string): void {
    const answer = ref(this, "refusal");
    say(answer, text);
    answer.hidden = text === "";
  }
}

/** kindName is what a kind of lab is called; a kind that has no name yet has its own. */
function kindName(kind: string): string {
  const id = `labs.kind-${kind}`;
  return knows(id) ? t(id) : kind;
}
