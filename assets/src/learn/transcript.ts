// Lines of lesson fences, cut into the parts that are drawn differently.

/** A line of a transcript: what is typed after a prompt, or what is expected. */
export type Line = { prompt: string; input: string } | { output: string };

/** Prompts as redis-cli writes them: an address, perhaps a database or TX, and a bracket. */
const PROMPT = /^((?:\[?[\w.:-]+\]?:\d+|not connected)(?:\[\d+\])?(?:\(TX\))?> ?)(.*)$/;

/** readTranscript cuts a redis fence into lines. */
export function readTranscript(text: string): Line[] {
  return text.replace(/\n$/, "").split("\n").map((line) => {
    const match = PROMPT.exec(line);
    return match ? { prompt: match[1]!, input: match[2]! } : { output: line };
  });
}

/** captionIn is the sentence of a play line that is a caption; null for any other line. */
export function captionIn(line: string): string | null {
  const said = /^\s*caption\s+(.*)$/.exec(splitComment(line)[0])?.[1]?.trim();
  if (said === undefined) return null;
  const quote = said[0];
  return (quote === '"' || quote === "'") && said.endsWith(quote) && said.length > 1 ? said.slice(1, -1) : said;
}

/** splitComment cuts a play line into its verb part and its comment; a # inside quotes is no comment. */
export function splitComment(line: string): [verb: string, comment: string] {
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (quote) {
      if (c === quote) quote = "";
    } else if (c === '"' || c === "'") quote = c;
    else if (c === "#" && (i === 0 || line[i - 1] === " ")) return [line.slice(0, i), line.slice(i)];
  }
  return [line, ""];
}
