// The stage in words: one invisible option for every node, for keyboards and screen readers.

import { el, list, say, set } from "../core/dom.ts";
import { CALM, conditionOf, type Verdict } from "../core/verdict.ts";
import type { NodeView } from "../core/wire.ts";
import { t } from "../core/words.ts";

/** tellNodes makes the list follow the nodes. */
export function tellNodes(box: Element, nodes: readonly NodeView[], verdicts: ReadonlyMap<string, Verdict>, selected: string | null): void {
  list(box, nodes, (n) => n.name, (n) => el("li", { role: "option", id: `node-${n.name}` }), (item, n) => {
    const condition = conditionOf(n, verdicts.get(n.name) ?? CALM);
    say(item, t("stage.entry", { node: n.name, role: t(`role.${n.role}`), shard: n.shard, condition }));
    set(item, "aria-selected", String(n.name === selected));
  });
  set(box, "aria-activedescendant", selected ? `node-${selected}` : undefined);
}
