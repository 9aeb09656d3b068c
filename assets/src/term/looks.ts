// The terminal's colours and letters, from the page's tokens at this moment.

import type { ITheme } from "@xterm/xterm";
import { readPalette } from "../stage/palette.ts";

/** Looks is what of a terminal follows the page's theme and mode. */
export interface Looks {
  theme: ITheme;
  fontFamily: string;
  fontSize: number;
}

/** looksOf reads the looks that a terminal in a place of the page should have. */
export function looksOf(place: Element): Looks {
  const { token } = readPalette();
  const style = getComputedStyle(place);
  return {
    fontFamily: style.fontFamily,
    fontSize: Math.round(parseFloat(style.fontSize)),
    theme: {
      background: token.surface, foreground: token.ink, cursor: token.focus, cursorAccent: token.surface,
      selectionBackground: token.line, selectionInactiveBackground: token.raised,
      scrollbarSliderBackground: token.line, scrollbarSliderHoverBackground: token.faint, scrollbarSliderActiveBackground: token.faint,
      black: token.surface, white: token.ink, brightWhite: token.ink, brightBlack: token.faint,
      red: token["fail-text"], brightRed: token["fail-text"], green: token.ok, brightGreen: token.ok,
      yellow: token.warn, brightYellow: token.warn, blue: token.focus, brightBlue: token.focus,
      magenta: token["frame-update"], brightMagenta: token["frame-update"], cyan: token["frame-meet"], brightCyan: token["frame-meet"],
    },
  };
}

/** onRestyle calls f whenever the page changes its theme or mode. */
export function onRestyle(f: () => void): void {
  new MutationObserver(f).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-mode"] });
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", f);
}
