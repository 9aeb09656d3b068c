// Logging in: the link that playground prints carries a code, good for one use, behind the #.

import { HEADERS } from "./api.ts";

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
