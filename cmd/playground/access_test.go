package main_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// screens are the places of the console, as its address names them.
var screens = []string{"stage", "slots", "metrics", "learn"}

// smallest is the least size of letters on a projector, in pixels: readable from the last row.
const smallest = 22

// axe is the accessibility checker, as text to be run in a page.
func axe(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "assets", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Skip("axe-core is not installed: make assets")
	}
	return string(text)
}

// violation is one rule that a page breaks, and where.
type violation struct {
	ID    string
	Help  string
	Nodes []struct{ HTML, FailureSummary string }
}

// visit shows a place of the console in one language, theme and mode, with a node chosen.
func (p *page) visit(console, place, language, theme, mode, node string) {
	p.t.Helper()
	query := url.Values{"view": {place}, "lang": {language}, "theme": {theme}, "mode": {mode}, "node": {node}}
	p.do(chromedp.Navigate(console + "?" + query.Encode()))
	p.until("the lab", ok)
	p.until("the place", fmt.Sprintf(`document.documentElement.dataset.place === %q`, place))
	if place == "metrics" {
		p.until("the charts with their data", charted)
	}
}

func TestEveryScreenIsAccessibleInBothThemesAndLanguages(t *testing.T) {
	t.Parallel()
	checker := axe(t)
	_, program, pg := openConsole(t)
	for _, place := range screens {
		for _, look := range []struct{ language, theme string }{{"en", "dark"}, {"zh", "light"}} { // neither touches the other
			t.Run(place+" "+look.language+" "+look.theme, func(t *testing.T) {
				pg.t = t
				pg.visit(program.ready.Console, place, look.language, look.theme, "laptop", program.node(0))
				pg.accessible(checker)
			})
		}
	}
	pg.t = t
	pg.clean()
}

func TestEveryLookAtANodeIsAccessible(t *testing.T) {
	t.Parallel()
	checker := axe(t)
	_, program, pg := openConsole(t)
	require.Zero(t, program.ctl("load", "50").code)
	for _, theme := range []string{"dark", "light"} {
		pg.visit(program.ready.Console, "stage", "en", theme, "laptop", program.node(0))
		for _, look := range []string{"info", "nodes", "links", "keys", "config"} {
			t.Run(look+" "+theme, func(t *testing.T) {
				pg.t = t
				pg.click("#look-" + look)
				pg.until("the answer", `document.querySelectorAll("node-look tbody tr").length > 0`)
				pg.accessible(checker)
			})
		}
		t.Run("bytes "+theme, func(t *testing.T) {
			pg.t = t
			pg.click("#tab-bytes")
			pg.until("the heartbeat", `document.querySelectorAll("bytes-panel [data-ref=parts] tr").length >= 3`)
			pg.accessible(checker)
			pg.click("#tab-node")
		})
	}
	pg.t = t
	pg.clean()
}

// accessible requires that axe finds nothing to complain of.
func (p *page) accessible(checker string) {
	p.t.Helper()
	p.until("no colour on its way to another", `document.getAnimations().every((a) => !(a instanceof CSSTransition) || a.playState !== "running")`)
	p.do(chromedp.Evaluate[chromedp.Void](checker + ";void 0"))
	p.do(chromedp.Evaluate[chromedp.Void](`void axe.run(document, {resultTypes: ["violations"]}).then((r) => { window.found = JSON.stringify(r.violations); })`))
	p.until("the checker", `window.found !== undefined`)
	var found []violation
	require.NoError(p.t, json.Unmarshal([]byte(ask[string](p, "window.found")), &found))
	for _, v := range found {
		for _, n := range v.Nodes {
			p.t.Errorf("%s: %s\n%s\n%s", v.ID, v.Help, n.HTML, n.FailureSummary)
		}
	}
}

func TestAProjectorShowsNothingSmallerThanTheLastRowCanRead(t *testing.T) {
	t.Parallel()
	_, program, pg := openConsole(t)
	pg.do(chromedp.EmulateViewport(1280, 720))
	for _, place := range screens {
		t.Run(place, func(t *testing.T) {
			pg.t = t
			pg.visit(program.ready.Console, place, "en", "dark", "projector", program.node(0))
			small := ask[[]string](pg, fmt.Sprintf(`(() => {
				const out = new Set();
				const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
				while (walk.nextNode()) {
					const e = walk.currentNode.parentElement, box = e.getBoundingClientRect();
					if (!walk.currentNode.data.trim() || e.closest("script, .sr, option") || !e.checkVisibility()) continue;
					if (box.width < 2 || box.bottom < 0 || box.top > innerHeight || box.left > innerWidth) continue;
					const size = parseFloat(getComputedStyle(e).fontSize);
					if (size < %d) out.add(e.tagName.toLowerCase() + "." + e.className + " " + size + " " + walk.currentNode.data.trim().slice(0, 30));
				}
				return [...out];
			})()`, smallest))
			require.Empty(t, small)
			require.LessOrEqual(t, ask[int](pg, "document.documentElement.scrollWidth"), 1280, "no sideways scrolling")
		})
	}
}

// The panels that only labs without a cluster have, and the list of the labs.
func TestThePanelsOfOtherLabsAreAccessibleInBothThemesAndLanguages(t *testing.T) {
	t.Parallel()
	checker := axe(t)
	for kind, panel := range map[string]string{"chain": "replication", "sentinel": "sentinels"} {
		program, pg := openPlain(t, kind)
		for _, look := range []struct{ language, theme string }{{"zh", "light"}, {"en", "dark"}} {
			query := url.Values{"lang": {look.language}, "theme": {look.theme}}
			pg.do(chromedp.Navigate(program.ready.Console + "?" + query.Encode()))
			pg.until("the lab", `document.querySelector("[data-ref=badge]").dataset.state === "ok"`)
			pg.click("#tab-" + panel)
			pg.until("the panel", fmt.Sprintf(`document.querySelector("#panel-%s").checkVisibility()`, panel))
			pg.accessible(checker)
			pg.do(chromedp.KeyEvent("s"))
			pg.until("the labs", `document.querySelectorAll("lab-list .lablist li").length === 1`)
			pg.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".strike").open = true`))
			pg.accessible(checker)
		}
		pg.clean()
	}
}
