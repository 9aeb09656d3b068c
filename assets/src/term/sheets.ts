// xterm writes its colours into <style> elements, which the page's content policy rightly refuses.
// While it opens, it is given elements that hand the same text to a constructed style sheet.

const NAME = "live-sheet";

/** LiveSheet is an element whose text is a style sheet of the page for as long as it is in the page. */
class LiveSheet extends HTMLElement {
  private readonly rules = new CSSStyleSheet();

  override get textContent(): string {
    return "";
  }

  override set textContent(css: string) {
    this.rules.replaceSync(css);
  }

  connectedCallback(): void {
    this.hidden = true;
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.rules];
  }

  disconnectedCallback(): void {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.rules);
  }
}

/** withLiveSheets runs f; what it makes as <style> are live sheets. */
export function withLiveSheets(f: () => void): void {
  if (!customElements.get(NAME)) customElements.define(NAME, LiveSheet);
  const make = document.createElement;
  document.createElement = function (this: Document, name: string, options?: ElementCreationOptions): HTMLElement {
    return make.call(this, name === "style" ? NAME : name, options);
  } as typeof document.createElement;
  try {
    f();
  } finally {
    document.createElement = make;
  }
}
