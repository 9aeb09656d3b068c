import assert from "node:assert/strict";
import test from "node:test";
import { labAPI, labIn, labPage, withLab } from "./lab.ts";

test("the address says which lab is shown", () => {
  const cases: [string, string][] = [["/", "main"], ["/labs/b", "b"], ["/labs/chain-2/", "chain-2"], ["/labs/", "main"], ["/labs/B", "main"], ["/labs/a/b", "main"], ["/join", "main"]];
  for (const [path, lab] of cases) assert.equal(labIn(path), lab, path);
});

test("another lab's page keeps the place and the language, and forgets this lab's nodes and times", () => {
  assert.equal(labPage("b", "?view=slots&lang=zh&node=7001&as=7002&t=12&lesson=x"), "/labs/b?view=slots&lang=zh");
  assert.equal(labPage("main", ""), "/");
});

test("what is asked for is asked of this page's lab", () => {
  assert.equal(labAPI("/slots"), "/api/labs/main/slots");
  assert.equal(withLab(), "?lab=main");
  assert.equal(withLab("lang=en"), "?lang=en&lab=main");
});
