// A command line with its copy button: the page shows what it asked, and it can be typed elsewhere.

import { copyText } from "../core/copy.ts";
import { el, ref, say, set } from "../core/dom.ts";
import { t } from "../core/words.ts";

/** A button says that it has copied for so long, in milliseconds. */
const SAID = 1500;

/** bindCopyLine makes the copy button of a component work; the function it returns shows a command, or hides the line. */
export function bindCopyLine(root: Element): (command: string) => void {
  const line = ref(root, "line");
  const command = ref(root, "command");
  const button = ref(root, "copy");
  button.addEventListener("click", () => void copyBy(button, command.textContent ?? ""));
  return (text) => {
    line.hidden = text === "";
    say(command, text);
  };
}

/** copyButton is a small button that copies what text gives at that moment. */
export function copyButton(text: () => string): HTMLButtonElement {
  const button = el("button", { type: "button", class: "icon small copy", "aria-label": t("caption.copy"), title: t("caption.copy") }, icon(COPY));
  button.addEventListener("click", () => void copyBy(button, text()));
  return button;
}

/** The strokes of two sheets, on a grid of 16 by 16. */
const COPY = "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3";

/** icon draws strokes as the templates do. */
function icon(strokes: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  const looks: [Element, string, string][] = [
    [svg, "class", "i"], [svg, "viewBox", "0 0 16 16"], [svg, "aria-hidden", "true"], [svg, "fill", "none"], [svg, "stroke", "currentColor"],
    [svg, "stroke-width", "1.5"], [svg, "stroke-linecap", "round"], [svg, "stroke-linejoin", "round"], [path, "d", strokes],
  ];
  for (const [element, name, value] of looks) element.setAttribute(name, value);
  svg.append(path);
  return svg;
}

/** copyBy copies a text and lets the button that was pressed say so for a while. */
export async function copyBy(button: HTMLElement, text: string): Promise<void> {
  const done = await copyText(text);
  set(button, "aria-label", t(done ? "caption.copied" : "caption.select"));
  set(button, "data-done", done);
  setTimeout(() => {
    set(button, "aria-label", t("caption.copy"));
    set(button, "data-done", false);
  }, SAID);
}
