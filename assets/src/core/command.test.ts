import assert from "node:assert/strict";
import { test } from "node:test";

import { commandFor } from "./command.ts";

test("a password is not shown, other values are", () => {
  assert.equal(commandFor("config-set", { node: "7000", name: "requirepass", value: "hunter2" }), "playground ctl config-set 7000 requirepass (redacted)");
  assert.equal(commandFor("config-set", { node: "7000", name: "MasterAuth", value: "hunter2" }), "playground ctl config-set 7000 MasterAuth (redacted)");
  assert.equal(commandFor("config-set", { node: "7000", name: "maxmemory", value: "1gb" }), "playground ctl config-set 7000 maxmemory 1gb");
});
