// The page of a lab that is not there says so, and leads to those that are.

import { el } from "../core/dom.ts";
import { LAB, labPage } from "../core/lab.ts";
import { t } from "../core/words.ts";
import { labsNow } from "./api.ts";

/** tellAbsent covers the page when its lab was closed or never was; it is told once. */
export async function tellAbsent(): Promise<void> {
  const now = await labsNow();
  if (!now || now.labs.some((lab) => lab.id === LAB) || document.querySelector(".locked")) return;
  const notice = el(
    "section", { class: "locked", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "absent", tabindex: -1 },
    el("h2", { id: "absent" }, t("labs.absent", { lab: LAB })),
    el("p", {}, t("labs.absentwhy")),
    el("ul", { class: "open" }, ...now.labs.map((lab) => el("li", {}, el("a", { href: labPage(lab.id) }, lab.id)))),
  );
  document.body.append(notice);
  notice.focus();
}
