// Logging in: the link that playground prints carries a code, good for one use, behind the #.

import { HEADERS } from "./api.ts";
import { el } from "./dom.ts";
import type { Session } from "./wire.ts";
import { t } from "./words.ts";

/** codeIn finds the code in an address' fragment. */
export function codeIn(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, "")).get("code");
}

/** redeemLink turns the code of the address into a session, and takes it out of the address. */
export async function redeemLink(): Promise<void> {
  const code = codeIn(location.hash);
  if (!code) return;
  history.replaceState(null, "", location.pathname + location.search);
  try {
    await fetch("/api/session", { method: "POST", headers: HEADERS, body: JSON.stringify({ code }) });
  } catch {
    // The server is away; the socket will say so, and the link can be asked for again.
  }
}

/** isLockedOut reports whether the server is there and refuses to talk to us. */
export async function isLockedOut(): Promise<boolean> {
  try {
    return (await fetch("/api/session")).status === 401;
  } catch {
    return false;
  }
}

/** showRole tells the style sheet what this browser may do; the server decides it, not the page. */
export async function showRole(): Promise<void> {
  try {
    const answer = await fetch("/api/session");
    if (!answer.ok) return;
    const { role, lan } = (await answer.json()) as Session;
    document.documentElement.dataset.role = role;
    document.documentElement.toggleAttribute("data-lan", lan);
  } catch {
    // The socket will say that the server is away.
  }
}

/** offerJoin adds the way into a class, where there is one. */
async function offerJoin(notice: Element): Promise<void> {
  try {
    if ((await fetch("/join")).ok) notice.append(el("p", {}, el("a", { href: "/join" }, t("lock.join"))));
  } catch {
    // Nothing to offer.
  }
}

/** lockNotice covers the page and says how to get in; it is there once at most. */
export function lockNotice(): void {
  if (document.querySelector(".locked")) return;
  const notice = el(
    "section", { class: "locked", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "locked", tabindex: -1 },
    el("h2", { id: "locked" }, t("lock.title")),
    el("p", {}, t("lock.open")),
    el("pre", {}, "playground ctl link"),
    el("p", {}, t("lock.run")),
  );
  document.body.append(notice);
  notice.focus();
  void offerJoin(notice);
}

/** unlock takes the notice away. */
export function unlock(): void {
  document.querySelector(".locked")?.remove();
}
