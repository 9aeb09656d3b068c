package main_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// sheets is what the inspector shows of a node's answer.
const sheets = `document.querySelector("node-look [data-ref=tables]").innerText`

func TestTheInspectorShowsWhatANodeSaysAboutItself(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.choose(p.node(1))
	pg.click("#look-info")
	pg.until("INFO", sheets+`.includes("redis_version") && `+sheets+`.includes("7.0.15")`)
	require.Equal(t, fmt.Sprintf("redis-cli -p %s INFO everything", p.node(1)), pg.text("node-look [data-ref=command]"))

	pg.line("SET user:1 ada") // the second master's
	pg.do(chromedp.SendKeys(chromedp.CSS("node-look [data-ref=find]"), "DB0"))
	pg.until("the row that was searched for", sheets+`.includes("keys=1")`)
	require.NotContains(t, ask[string](pg, sheets), "redis_version")
	pg.line("SET {user:1}.mail ada@example.org")
	pg.until("the change to be marked", `document.querySelector("node-look td[data-changed]")?.innerText.includes("keys=2")`)

	pg.do(chromedp.Focus(chromedp.CSS("#look-info")), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
	pg.until("CLUSTER NODES by keyboard", `document.querySelector("#look-nodes").getAttribute("aria-selected") === "true"`)
	pg.do(chromedp.Evaluate[chromedp.Void](`(() => { const f = document.querySelector("node-look [data-ref=find]"); f.value = ""; f.dispatchEvent(new Event("input")); })()`))
	pg.until("a row for each node", `document.querySelectorAll("node-look tbody tr").length === 6`)
	require.Contains(t, pg.text("node-look [data-ref=flags]"), "the node that answers")
	pg.click("node-look [data-ref=raw]")
	pg.until("the lines themselves", fmt.Sprintf(`document.querySelector("node-look pre").innerText.split("\n").some(l => l.includes(":%s@") && l.includes(" myself,master - 0 0 ") && l.endsWith(" connected 5461-10922"))`, p.node(1)))

	pg.click("#look-keys")
	pg.until("the keys", sheets+`.includes("{user:1}.mail")`)
	require.Contains(t, pg.text("node-look [data-ref=command]"), "SCAN 0 COUNT 200")

	require.Zero(t, p.ctl("kill", p.node(1)).code)
	pg.until("that it does not run", `document.querySelector("node-look [data-ref=said]").innerText.includes("is not running")`)
	pg.click("#look-overview")
	pg.until("the overview", `document.querySelector("node-inspector [data-ref=numbers]").checkVisibility()`)
	pg.mu.Lock()
	defer pg.mu.Unlock()
	for _, complaint := range pg.complaints {
		require.Contains(t, complaint, "/inspect/keys", "the only complaint is the refusal of a node that is down")
	}
}

func TestNothingThatANodeHoldsIsTakenForMarkup(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.line(`SET "{user:1}<img src=x onerror=document.title=1>" 1`)
	pg.line(`SET "{user:1}\x00\xff" 1`)
	pg.until("both", `document.querySelector("redis-term").text().split("OK").length === 3`)
	pg.choose(p.node(1))
	pg.click("#look-keys")
	pg.until("the keys as text", sheets+`.includes("<img") && `+sheets+`.includes("\\x00\\xff")`)
	require.Zero(t, ask[int](pg, `document.querySelectorAll("node-look img").length`))
	require.Equal(t, "Cluster Playground", ask[string](pg, "document.title"))
	pg.clean()
}

func TestAScriptThatKeepsANodeBusyIsEndedByAClick(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.line("PING") // the terminal is at the first node
	pg.shows("PONG")
	busy := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + p.node(1), ReadTimeout: -1, MaxRetries: -1})
	defer func() { _ = busy.Close() }()
	require.NoError(t, busy.ConfigSet(t.Context(), "busy-reply-threshold", "100").Err())
	ended := make(chan error, 1)
	go func() { ended <- busy.Eval(context.Background(), "while true do end", nil).Err() }()
	pg.choose(p.node(1))
	pg.until("the button", `document.querySelector("[data-ref=cure]").checkVisibility()`)
	require.Equal(t, "SCRIPT KILL", pg.text("[data-ref=cure]"))
	pg.click("[data-ref=cure]")
	require.ErrorContains(t, <-ended, "ERR Script killed by user with SCRIPT KILL")
	pg.until("that it is gone", `!document.querySelector("[data-ref=cure]").checkVisibility()`)
	pg.shows(p.node(1) + "> SCRIPT KILL") // it was typed at that node
	pg.clean()
}

// The numbers of a large lab may be too many for the bar. The buttons behind them stay.
func TestLargeNumbersPushNothingOutOfTheBar(t *testing.T) {
	t.Parallel()
	_, _, pg := openConsole(t)
	for _, width := range []int64{1280, 1366, 1440, 1920} {
		pg.do(chromedp.EmulateViewport(width, 800))
		right := ask[float64](pg, `(() => {
			for (const [name, n] of [["shards", 500], ["nodes", 1000], ["epoch", 10030], ["rate", 175000]])
				document.querySelector("status-bar .facts [data-ref=" + name + "]").textContent = n;
			return document.querySelector("[data-do=help]").getBoundingClientRect().right;
		})()`)
		require.LessOrEqual(t, right, float64(width), "the last button")
		require.LessOrEqual(t, ask[int64](pg, `document.querySelector("status-bar").scrollWidth`), width)
	}
}
