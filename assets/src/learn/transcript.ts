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
  const [verb, ...said] = wordsOf(line).words;
  return verb === "caption" && said.length > 0 ? said.join(" ") : null;
}

/** splitComment cuts a play line into its verb part and its comment; a # inside a word or quotes is no comment. */
export function splitComment(line: string): [verb: string, comment: string] {
  const { end } = wordsOf(line);
  return [line.slice(0, end), line.slice(end)];
}

/** A word of a play line: in quotes, of which the double ones know \" and \\, or up to a space. */
const WORD = /[ \t]*(?:"((?:\\["\\]|[^"])*)"|'([^']*)'|([^ \t#"'][^ \t]*))/y;

/** wordsOf cuts a play line as the lab does, and tells where its comment begins. */
function wordsOf(line: string): { words: string[]; end: number } {
  const words: string[] = [];
  WORD.lastIndex = 0;
  let end = 0;
  for (let found = WORD.exec(line); found; found = WORD.exec(line)) {
    words.push(found[1]?.replace(/\\(["\\])/g, "$1") ?? found[2] ?? found[3]!);
    end = WORD.lastIndex;
  }
  const comment = /^[ \t]*#/.exec(line.slice(end));
  return { words, end: comment ? end + comment[0].length - 1 : line.length };
}
