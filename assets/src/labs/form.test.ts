import assert from "node:assert/strict";
import test from "node:test";
import { bodyOf, commandOf, fitting, wishOf, type Wish } from "./form.ts";

const wish = (fields: Partial<Wish> = {}): Wish => ({ id: "b", kind: "cluster", masters: 3, replicas: 1, load: 20, memory: false, ...fields });

test("the form, the request and the command say the same", () => {
  const data = new FormData();
  for (const [name, value] of Object.entries({ id: " b ", kind: "cluster", masters: "3", replicas: "1", load: "20" })) data.set(name, value);
  assert.deepEqual(wishOf(data), wish());
  assert.deepEqual(bodyOf(wish()), { id: "b", topology: { mode: "cluster", masters: 3, replicas: 1 }, load: 20 });
  assert.equal(commandOf(wish()), "playground ctl new cluster --id b --masters 3 --replicas 1 --load 20");
});

test("only a cluster has a number of masters", () => {
  const chain = wish({ id: "", kind: "chain", masters: 1, replicas: 2, load: 0, memory: true });
  assert.deepEqual(bodyOf(chain), { topology: { mode: "chain", replicas: 2, links: "memory" } });
  assert.equal(commandOf(chain), "playground ctl new chain --replicas 2 --links memory");
});

test("a wish is made as small as it must be and no smaller", () => {
  assert.deepEqual(fitting(wish({ masters: 100 }), 41), wish({ masters: 20 }));
  assert.deepEqual(fitting(wish(), 1), wish({ masters: 1, replicas: 0 }));
  assert.equal(fitting(wish(), 0), null);
  assert.deepEqual(fitting(wish({ kind: "chain", masters: 1, replicas: 9 }), 4), wish({ kind: "chain", masters: 1, replicas: 3 }));
  assert.equal(fitting(wish({ kind: "sentinel", masters: 1 }), 1), null);
});
