// The sentences of the page, by id, in the language the server chose. They come with the page.

let taught: Record<string, string> | null = null;

/** Arguments of a sentence; one that begins with "@" is the id of another sentence. */
export type WordArgs = Record<string, string | number>;

/** teach gives the sentences; the page itself reads them from its data island. */
export function teach(words: Record<string, string>): void {
  taught = words;
}

/** t says a sentence. An id that is not known is shown as it stands, so that it is seen. */
export function t(id: string, args: WordArgs = {}): string {
  const text = all()[id];
  if (text === undefined) return id;
  return text.replace(/\{\{\.(\w+)\}\}/g, (_, name: string) => {
    const value = String(args[name] ?? "");
    return value.startsWith("@") ? named(value.slice(1)) : value;
  });
}

/** named is a sentence, or for a code that has none the code with spaces: bad-length is "bad length". */
function named(id: string): string {
  return knows(id) ? t(id) : id.slice(id.lastIndexOf(".") + 1).replaceAll("-", " ");
}

/** knows reports whether there is a sentence with that id. */
export function knows(id: string): boolean {
  return all()[id] !== undefined;
}

/** language is the code of the page's language, such as "en". */
export function language(): string {
  return document.documentElement.lang || "en";
}

function all(): Record<string, string> {
  taught ??= read();
  return taught;
}

function read(): Record<string, string> {
  const island = globalThis.document?.getElementById("words");
  return island?.textContent ? (JSON.parse(island.textContent) as Record<string, string>) : {};
}
