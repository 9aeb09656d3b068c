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
  const button = el("button", { type: "button", class: "icon small copy", "aria-label": t("caption.copy"), title: t("caption.copy") }, "⧉");
  button.addEventListener("click", () => void copyBy(button, text()));
  return button;
}

async function copyBy(button: HTMLElement, text: string): Promise<void> {
  const done = await copyText(text);
  set(button, "aria-label", t(done ? "caption.copied" : "caption.select"));
  set(button, "data-done", done);
  setTimeout(() => {
    set(button, "aria-label", t("caption.copy"));
    set(button, "data-done", false);
  }, SAID);
}
