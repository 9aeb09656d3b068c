// Which lab this page shows: its address says so, and each tab has its own.

/** The lab that an address means when it names none. */
export const MAIN_LAB = "main";

/** labIn reads the lab from an address' path. */
export function labIn(path: string): string {
  return /^\/labs\/([a-z0-9-]+)\/?$/.exec(path)?.[1] ?? MAIN_LAB;
}

/** LAB is the lab of this page. */
export const LAB = labIn(globalThis.location?.pathname ?? "/"); // tests have no address

/** labAPI is the address of something of this page's lab. */
export function labAPI(rest = ""): string {
  return `/api/labs/${LAB}${rest}`;
}

/** withLab lets a query name this page's lab. */
export function withLab(query = ""): string {
  return `?${query}${query ? "&" : ""}lab=${LAB}`;
}

/** labPage is the page of a lab, with what of this page's query makes sense there. */
export function labPage(lab: string, query = location.search): string {
  const kept = new URLSearchParams(query);
  for (const name of ["node", "as", "t", "lesson"]) kept.delete(name);
  const text = kept.toString();
  return (lab === MAIN_LAB ? "/" : `/labs/${lab}`) + (text ? `?${text}` : "");
}
