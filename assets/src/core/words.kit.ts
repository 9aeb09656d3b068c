// For tests: the English sentences, read from the catalogue that the server reads.

import { readFileSync } from "node:fs";
import { teach } from "./words.ts";

/** readCatalogue reads the part of TOML that the catalogues use: tables and strings on one line. */
export function readCatalogue(text: string): Record<string, string> {
  const words: Record<string, string> = {};
  let table = "";
  for (const line of text.split("\n")) {
    const head = /^\[([\w.-]+)\]$/.exec(line);
    const pair = /^([\w-]+) = (".*")$/.exec(line);
    if (head) table = `${head[1]}.`;
    else if (pair) words[table + pair[1]] = JSON.parse(pair[2]!) as string;
  }
  return words;
}

/** teachEnglish lets t speak English in a test. npm runs tests in the folder assets. */
export function teachEnglish(): void {
  teach(readCatalogue(readFileSync("../playground/words/active.en.toml", "utf8")));
}
