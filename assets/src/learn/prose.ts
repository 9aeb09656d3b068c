// Prose: a small tree from the server, rendered node by node with elements from a short list.

import { el } from "../core/dom.ts";
import type { Prose } from "../core/lesson.ts";

/** The elements prose may use; anything else is drawn as its children. */
const ALLOWED = new Set([
  "h1", "h2", "h3", "h4", "p", "em", "strong", "code", "pre", "span", "ul", "ol", "li", "blockquote", "aside",
  "table", "thead", "tbody", "tr", "th", "td", "br", "hr", "del", "kbd", "a",
]);

/** Links may only lead where a click can do no harm. */
const SAFE_LINK = /^(https?:\/\/|mailto:|#|\/(?!\/))/i;

/** renderProse turns prose into nodes ready to append. */
export function renderProse(nodes: readonly Prose[]): (Node | string)[] {
  return nodes.flatMap(render);
}

function render(node: Prose): (Node | string)[] {
  if (typeof node === "string") return [node];
  const children = renderProse(node.c ?? []);
  if (!ALLOWED.has(node.t)) return children;
  if (node.t === "a") return [link(node.href ?? "", children)];
  return [el(node.t as keyof HTMLElementTagNameMap, {}, ...children)];
}

function link(href: string, children: (Node | string)[]): Node {
  if (!isSafeLink(href)) return el("span", {}, ...children);
  const away = /^https?:/i.test(href);
  return el("a", { href, target: away ? "_blank" : undefined, rel: away ? "noreferrer" : undefined }, ...children);
}

/** isSafeLink reports whether a lesson may link there. */
export function isSafeLink(href: string): boolean {
  return SAFE_LINK.test(href);
}
