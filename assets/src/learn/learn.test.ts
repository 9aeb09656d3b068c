import assert from "node:assert/strict";
import test from "node:test";
import { isSafeLink } from "./prose.ts";
import { captionIn, readTranscript, splitComment } from "./transcript.ts";

test("a transcript is cut into what is typed and what is expected", () => {
  assert.deepEqual(readTranscript("127.0.0.1:7000> SET user:1 ada\n-> Redirected\nOK\n127.0.0.1:7001(TX)> EXEC\n"), [
    { prompt: "127.0.0.1:7000> ", input: "SET user:1 ada" },
    { output: "-> Redirected" },
    { output: "OK" },
    { prompt: "127.0.0.1:7001(TX)> ", input: "EXEC" },
  ]);
});

test("a comment begins at a # after a space, not inside quotes", () => {
  assert.deepEqual(splitComment("kill 7001   # no goodbye"), ["kill 7001   ", "# no goodbye"]);
  assert.deepEqual(splitComment('caption "shard #2"'), ['caption "shard #2"', ""]);
  assert.deepEqual(splitComment("GET a#b"), ["GET a#b", ""]);
  assert.deepEqual(splitComment('caption "say \\"#1\\"" # aloud'), ['caption "say \\"#1\\"" ', "# aloud"]);
  assert.deepEqual(splitComment('caption "ends in \\\\" # a backslash'), ['caption "ends in \\\\" ', "# a backslash"]);
  assert.deepEqual(splitComment("mark it's # a word"), ["mark it's ", "# a word"]);
  assert.deepEqual(splitComment("# all of it"), ["", "# all of it"]);
  assert.deepEqual(splitComment('caption "no end # here'), ['caption "no end # here', ""]);
});

test("a caption is found in the reader's own language, by its line", () => {
  assert.equal(captionIn('  caption "7001 is #2"   # said aloud'), "7001 is #2");
  assert.equal(captionIn("caption plain words"), "plain words");
  assert.equal(captionIn("kill 7001"), null);
  assert.equal(captionIn('caption "it says \\"OK\\" #1 \\\\ \\n"'), 'it says "OK" #1 \\ \\n');
  assert.equal(captionIn("caption 'a \\\"b\\\"' and more"), 'a \\"b\\" and more');
});

test("a lesson may link to the web and to itself, and run nothing", () => {
  for (const good of ["https://redis.io/docs", "http://127.0.0.1/", "#slots", "/api/lessons"]) assert.ok(isSafeLink(good), good);
  for (const bad of ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//evil.example", ""]) assert.ok(!isSafeLink(bad), bad);
});
