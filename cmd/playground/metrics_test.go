package main_test

import (
	"fmt"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// charted is true when every chart has a line and its table a number.
const charted = `document.querySelectorAll(".metric .uplot canvas").length === 8 && document.querySelectorAll(".metric tbody tr").length >= 6`

// cell is what the table of a measure says of a node in a column; 1 is the present or the moment.
func cell(measure, node string, column int) string {
	return fmt.Sprintf(`[...document.querySelectorAll('[aria-labelledby="metric-%s"] tbody tr')].find(r => r.innerText.includes(%q))?.children[%d].innerText`, measure, node, column)
}

// fetchedCharts is whether the browser has asked for the script of the charts.
const fetchedCharts = `performance.getEntriesByType("resource").some(e => /\/charts-/.test(e.name))`

func TestTheMetricsAreDrawnAndToldInTables(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	require.False(t, ask[bool](pg, fetchedCharts), "the charts are loaded when they are first shown")
	require.Zero(t, p.ctl("load", "100").code)
	pg.do(chromedp.Focus(chromedp.CSS("#nodes")), chromedp.KeyEvent("3"))
	pg.until("the charts", charted)
	require.True(t, ask[bool](pg, fetchedCharts))
	pg.until("commands", `parseFloat(`+cell("ops", p.node(0), 1)+`) > 0`)
	pg.until("packets", `parseFloat(`+cell("messages", "PING", 1)+`) > 0`)

	pg.until("keys", `parseFloat(`+cell("keys", p.node(1), 1)+`) > 0`)
	require.Zero(t, p.ctl("kill", p.node(1)).code)
	pg.until("a gap for the dead", cell("keys", p.node(1), 1)+` === "–"`)
	require.NotEqual(t, "–", ask[string](pg, cell("keys", p.node(1), 3)), "what it had is still known")
	pg.until("the dead to be marked", fmt.Sprintf(`[...document.querySelectorAll(".metric tr[data-bad]")].some(r => r.innerText.includes(%q))`, p.node(1)))

	pg.until("a past to point at", `document.querySelector("[data-ref=since]").innerText !== ""`)
	pg.do(chromedp.Evaluate[chromedp.Void](`(() => { const s = document.querySelector("[data-ref=moment]"); s.focus(); s.value = -3; s.dispatchEvent(new Event("input", {bubbles: true})); })()`))
	pg.until("every table to tell of that moment", `[...document.querySelectorAll(".metric [data-ref=when]")].every(h => /^\d\d:\d\d:\d\d$/.test(h.innerText))`)
	pg.click("[data-ref=present]")
	pg.until("the present", `[...document.querySelectorAll(".metric [data-ref=when]")].every(h => h.innerText === "now")`)

	pg.click(`[data-span="15"]`)
	require.Equal(t, "-900", ask[string](pg, `document.querySelector("[data-ref=moment]").min`))
	pg.click(`[aria-labelledby="metric-ops"] tbody button`)
	pg.until("the chosen node", fmt.Sprintf(`document.querySelector("node-inspector [data-ref=name]").innerText.includes(%q)`, p.node(0)))
	pg.clean()
}

func TestTheMetricsSayWhenTheLabIsAway(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.do(chromedp.Focus(chromedp.CSS("#nodes")), chromedp.KeyEvent("3"))
	pg.until("the charts", charted)
	pg.clean()

	p.signal(syscall.SIGINT)
	pg.until("the end of the numbers", `document.querySelector("[data-ref=since]").innerText.includes("does not answer")`)
	require.Zero(t, p.end(pagePatience))
	require.True(t, ask[bool](pg, charted), "the last picture stays")
}
