// The clipboard, which a page served over plain http on another host may not have.

/** copyText copies and reports whether it could. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
