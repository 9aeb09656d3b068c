// Words as redis-cli reads them.

/** typedLine is a word as one types it: as it stands, or in quotes when it has blanks or quotes. */
export function typedLine(word: string): string {
  return /^[^\s"'\\]+$/.test(word) ? word : `"${word.replace(/["\\]/g, "\\$&")}"`;
}
