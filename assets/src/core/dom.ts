// The few DOM verbs the panels share. Nothing here takes markup: text is text, everywhere.

type Props = Record<string, string | number | boolean | EventListener | undefined>;
type Child = Node | string;

/** el makes an element. Props that are functions become listeners, true becomes an empty attribute. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, props: Props = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(element, name, value);
  element.append(...children);
  return element;
}

/** set writes one attribute or listener; false and undefined take an attribute away. */
export function set(element: Element, name: string, value: Props[string]): void {
  if (typeof value === "function") element.addEventListener(name, value);
  else if (value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== attribute(value)) element.setAttribute(name, attribute(value));
}

function attribute(value: string | number | true): string {
  return value === true ? "" : String(value);
}

/** say writes text only when it changed, so that selections and screen readers are left alone. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A parameter's name, which breaks a line in its middle otherwise. */
const HYPHENED = /([\w.]+(?:-[\w.]+)+)/;

/** sayWhole is say for a sentence in which words with hyphens stay on one line. */
export function sayWhole(element: Element, text: string): void {
  if (element.textContent === text) return;
  element.replaceChildren(...text.split(HYPHENED).map((part, i) => {
    if (i % 2 === 0) return part;
    const whole = document.createElement("span");
    whole.className = "whole";
    whole.textContent = part;
    return whole;
  }));
}

/** refs collects the marked places of a server-rendered component, by their data-ref. */
export function refs(root: Element): Record<string, HTMLElement> {
  const found: Record<string, HTMLElement> = {};
  for (const element of root.querySelectorAll<HTMLElement>("[data-ref]")) found[element.dataset.ref!] = element;
  return found;
}

/** ref finds one marked place and insists on it: a missing one is a mistake in a template. */
export function ref<T extends HTMLElement>(root: Element, name: string): T {
  const element = root.querySelector<T>(`[data-ref="${name}"]`);
  if (!element) throw new Error(`${root.localName}: no data-ref "${name}"`);
  return element;
}

/**
 * list makes parent's children follow items: one child per key, kept while its key lives, so that
 * focus and scroll survive an update.
 */
export function list<T>(
  parent: Element, items: readonly T[], key: (item: T) => string,
  create: (item: T) => HTMLElement, update: (child: HTMLElement, item: T) => void,
): void {
  const old = new Map<string, HTMLElement>();
  for (const child of parent.children) old.set((child as HTMLElement).dataset.item ?? "", child as HTMLElement);
  let at = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let child = old.get(name);
    old.delete(name);
    if (!child) {
      child = create(item);
      child.dataset.item = name;
    }
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
    update(child, item);
  }
  for (const child of old.values()) child.remove();
}

/** rows fills a dl with label and value pairs. */
export function rows(dl: Element, pairs: readonly { label: string; value: string; wide?: boolean; bad?: boolean }[]): void {
  list(
    dl, pairs, (p) => p.label,
    (p) => el("div", { class: p.wide ? "wide" : undefined }, el("dt", {}, p.label), el("dd")),
    (row, p) => {
      say(row.lastElementChild!, p.value);
      set(row, "data-bad", p.bad ?? false);
    },
  );
}

/** calmly runs f at most once per pause, and once more after the last call in it. */
export function calmly(pause: number, f: () => void): () => void {
  let last = -Infinity;
  let timer = 0;
  const run = () => {
    timer = 0;
    last = performance.now();
    f();
  };
  return () => {
    if (timer) return;
    const wait = last + pause - performance.now();
    if (wait <= 0) run();
    else timer = window.setTimeout(run, wait);
  };
}
