// The form of an incident: the same acts on several labs at the same time, and how each came through.

import { post } from "../core/api.ts";
import { el, list, ref, say, set } from "../core/dom.ts";
import { t } from "../core/words.ts";
import type { Standing } from "./api.ts";
import { askOf, commandOf, partsOf, type Ask, type Course } from "./acts.ts";

/** Strike is the part of the labs' dialog that puts labs through an incident. */
export class Strike {
  private labs: readonly string[] = [];
  private readonly out = new Set<string>(); // those that somebody crossed out

  constructor(private readonly root: HTMLElement) {
    const form = ref<HTMLFormElement>(root, "strike");
    form.addEventListener("input", () => this.preview());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.run();
    });
    this.preview();
  }

  /** offer shows the labs that can be struck. */
  offer(labs: readonly Standing[]): void {
    this.labs = labs.map((lab) => lab.id);
    list(ref(this.root, "struck"), labs, (lab) => lab.id, (lab) => this.choice(lab.id), () => {});
    this.preview();
  }

  private choice(id: string): HTMLElement {
    const box = el("input", { type: "checkbox", value: id, checked: true });
    box.addEventListener("input", () => (box.checked ? this.out.delete(id) : this.out.add(id)));
    return el("label", {}, box, " ", id);
  }

  private ask(): Ask {
    const data = new FormData(ref<HTMLFormElement>(this.root, "strike"));
    const chosen = this.labs.filter((id) => !this.out.has(id));
    return askOf(chosen, this.labs.length, String(data.get("acts") ?? ""), Number(data.get("within")));
  }

  private preview(): void {
    const ask = this.ask();
    say(ref(this.root, "strikecommand"), commandOf(ask));
    ref<HTMLButtonElement>(this.root, "strikego").disabled = ask.labs.length === 0 || ask.acts.length === 0;
  }

  private async run(): Promise<void> {
    const go = ref<HTMLButtonElement>(this.root, "strikego");
    go.disabled = true;
    this.tell(t("labs.striking"));
    const ask = this.ask();
    const reply = await post("/api/incident", { labs: ask.labs, acts: ask.acts, withinMs: ask.withinMs });
    this.tell("error" in reply ? [reply.error, reply.hint].filter(Boolean).join(" ") : "");
    const { courses = [] } = reply as unknown as { courses?: Course[] };
    const longest = Math.max(1, ...courses.map((c) => c.watchedMs));
    const rows = ref(this.root, "courses");
    rows.replaceChildren(...courses.map((c) => row(c, longest)));
    rows.hidden = courses.length === 0;
    this.preview();
  }

  private tell(text: string): void {
    const answer = ref(this.root, "strikeanswer");
    say(answer, text);
    answer.hidden = text === "";
  }
}

/** row is how one lab came through: in words, and as a bar beside those of the others. */
function row(course: Course, longest: number): HTMLElement {
  const parts = partsOf(course, longest);
  const bar = el("span", { class: "course", "aria-hidden": "true" }, ...parts.map((part) => {
    const piece = el("span");
    set(piece, "data-state", part.state);
    piece.style.setProperty("--from", String(part.from));
    piece.style.setProperty("--size", String(part.size));
    return piece;
  }));
  const acts = course.acts.map((act) => `${(act.atMs / 1000).toFixed(1)} s  ${act.command}`).join("\n");
  return el("li", { title: acts }, el("b", {}, course.lab), bar, el("span", {}, sentence(course)));
}

function sentence(c: Course): string {
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  if (c.error) return t("labs.struck-refused", { why: c.error });
  if (c.harmedMs === undefined) return t("labs.struck-served", { s: seconds(c.watchedMs) });
  if (c.recoveredMs === undefined) return t("labs.struck-down", { from: seconds(c.harmedMs), s: seconds(c.watchedMs) });
  return t("labs.struck-back", { from: seconds(c.harmedMs), s: seconds(c.recoveredMs) });
}
