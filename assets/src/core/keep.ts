// What a viewer has chosen for good: theme and mode. An address may choose otherwise for once.

/** recall is what was chosen, or null. */
export function recall(name: string): string | null {
  const asked = new URLSearchParams(location.search).get(name);
  if (asked) return asked;
  try {
    return localStorage.getItem(`playground.${name}`);
  } catch {
    return null;
  }
}
