// Buttons of which one is chosen: a click or the arrow keys choose, and only the chosen one is a stop of Tab.

import { set } from "./dom.ts";

/** bindRadios lets one of the buttons be chosen, and calls chosen with it. */
export function bindRadios(buttons: readonly HTMLButtonElement[], chosen: (button: HTMLButtonElement) => void): void {
  const choose = (button: HTMLButtonElement) => {
    for (const other of buttons) {
      set(other, "aria-checked", String(other === button));
      other.tabIndex = other === button ? 0 : -1;
    }
    button.focus();
    chosen(button);
  };
  buttons.forEach((button, i) => {
    button.addEventListener("click", () => choose(button));
    button.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      choose(buttons.at((i + by) % buttons.length)!);
    });
  });
}
