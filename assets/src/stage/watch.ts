// What makes a canvas look different without any news of the lab: its size, the theme, the fonts,
// and whether the viewer wants things to move.

/** Watcher is told what changed. */
export interface Watcher {
  resized(): void;
  restyled(): void;
  calmed(calm: boolean): void;
}

/** watchLook watches an element's size and the page's style for as long as the page lives. */
export function watchLook(element: HTMLElement, watcher: Watcher): void {
  new ResizeObserver(() => watcher.resized()).observe(element);
  new MutationObserver(() => watcher.restyled()).observe(document.documentElement, {
    attributes: true, attributeFilter: ["data-theme", "data-mode"],
  });
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => watcher.restyled());
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  calm.addEventListener("change", () => watcher.calmed(calm.matches));
  watcher.calmed(calm.matches);
  void document.fonts.ready.then(() => watcher.restyled());
}
