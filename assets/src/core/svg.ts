// Drawings that stand in the page like text: crisp at any size, in the page's colours.

const NS = "http://www.w3.org/2000/svg";

/** svg makes an element of a drawing; class names and attributes alone say how it looks. */
export function svg(tag: string, attributes: Record<string, string | number | undefined> = {}, ...children: (Node | string)[]): SVGElement {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A point of a drawing. */
export interface At {
  x: number;
  y: number;
}

/** onCircle is the point at a part of a circle's way round, which begins at the top and goes right. */
export function onCircle(middle: At, r: number, part: number): At {
  const turn = (part - 0.25) * 2 * Math.PI;
  return { x: middle.x + r * Math.cos(turn), y: middle.y + r * Math.sin(turn) };
}

/** arcPath is the path of an arc from one part of a circle's way to another; a whole circle is two halves. */
export function arcPath(middle: At, r: number, from: number, to: number): string {
  const whole = to - from >= 1;
  const end = whole ? from + 0.5 : to;
  const [a, b] = [onCircle(middle, r, from), onCircle(middle, r, end)];
  const arc = (p: At, large: boolean) => `A${r} ${r} 0 ${large ? 1 : 0} 1 ${p.x.toFixed(2)} ${p.y.toFixed(2)}`;
  const start = `M${a.x.toFixed(2)} ${a.y.toFixed(2)}`;
  return whole ? `${start}${arc(b, false)}${arc(a, false)}` : `${start}${arc(b, end - from > 0.5)}`;
}
