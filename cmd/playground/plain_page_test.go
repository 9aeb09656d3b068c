package main_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// The page of labs without a cluster, as a person uses it.

// inOrder is what the status bar says of a lab without a cluster that is well.
const inOrder = `document.querySelector("[data-ref=word]").innerText === "replication in order"`

// openPlain starts a lab of a kind and opens its page.
func openPlain(t *testing.T, kind string, flags ...string) (*program, *page) {
	t.Helper()
	b := openBrowser(t)
	p := start(t, append([]string{"--topology", kind}, flags...)...)
	pg := b.open(p.ready.Link)
	pg.until("a lab that is well", inOrder)
	return p, pg
}

// has is an expression that is true when an element that fits a selector holds the text.
func has(selector, text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.textContent.includes(%q))`, selector, text)
}

// keep lets a node write its snapshot, with its place in the stream, as a server does that is shut down.
func (p *program) keep(node string) {
	p.t.Helper()
	a := runProgram(p.t, p.home, "cli", "-p", node, "SAVE")
	require.Zero(p.t, a.code, a.stderr)
}

func TestTheRingSaysWhetherAReplicaGetsTheRestOrEverything(t *testing.T) {
	t.Parallel()
	p, pg := openPlain(t, "replication", "--load", "50")
	master, replica := p.node(0), p.node(2)
	require.True(t, ask[bool](pg, `document.querySelector(".rail [data-place=slots]").hidden && document.querySelector("slot-ribbon").hidden`), "there are no slots")
	pg.click("#tab-replication")
	pg.until("both replicas on the ring", has("stream-panel svg.ring .name", p.node(1))+"&&"+has("stream-panel svg.ring .name", replica))
	require.Contains(t, pg.text("stream-panel [data-ref=title]"), master)
	pg.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("[data-do=palette]").click()`))
	pg.until("verbs that fit", has("command-palette .verbs code", "replicaof")+"&& !"+has("command-palette .verbs code", "move-slots"))
	pg.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#palette").close()`))

	p.keep(replica)
	require.Zero(t, p.ctl("kill", replica).code)
	pg.until("its place to be kept", has(`stream-panel [data-fate="partial"]`, replica+" needs byte"))
	require.Zero(t, p.ctl("restart", replica).code)
	pg.until("a partial sync", has("stream-panel [data-ref=rows] tr[data-item='"+replica+"']", "partial,"))

	p.keep(replica)
	require.Zero(t, p.ctl("config-set", master, "repl-backlog-size", "16384").code)
	require.Zero(t, p.ctl("kill", replica).code)
	require.Zero(t, p.ctl("load", "1000").code)
	pg.until("its place to be lost", has(`stream-panel [data-fate="full"]`, "too late, a full sync"))
	require.Zero(t, p.ctl("load", "50").code)
	require.Zero(t, p.ctl("restart", replica).code)
	pg.until("a full sync and why", has("stream-panel [data-ref=rows] tr[data-item='"+replica+"']", "no longer in the backlog"))
	require.Zero(t, p.ctl("config-set", master, "min-replicas-to-write", "3").code)
	pg.until("refused writes", has("stream-panel [data-ref=min][data-bad]", "NOREPLICAS"))
	pg.accessible(axe(t))
	pg.clean()
}

func TestAPromotionByHandFromTheMenuMovesNobodyAndSplitsTheHistory(t *testing.T) {
	t.Parallel()
	p, pg := openPlain(t, "chain")
	middle := p.node(1)
	places := `JSON.stringify([...document.querySelector("cluster-stage").target.spots].map(([n, s]) => [n, s.x, s.y]))`
	before := ask[string](pg, places)
	pg.rightClick(middle)
	pg.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("node-menu button")].find((b) => b.textContent.startsWith("Make it a master by hand")).click()`))
	pg.until("two masters", `document.querySelector("status-bar [data-ref=master]").textContent.includes(",")`)
	pg.until("the badge to say so", `document.querySelector("[data-ref=word]").innerText === "broken or split"`)
	require.Equal(t, before, ask[string](pg, places), "nothing moves when a replica is promoted")
	pg.click("#tab-replication")
	pg.until("two histories, and the old name", `new Set([...document.querySelectorAll("stream-panel [data-ref=histories] td:nth-child(2) .history")].map((c) => c.textContent)).size === 2 && `+has("stream-panel [data-ref=histories]", "<"))
	require.Contains(t, pg.text("caption-bar [data-ref=command]"), "replicaof "+middle+" no-one")
	pg.accessible(axe(t))
	pg.clean()
}

func TestSentinelsReplaceAMasterThatIsKilledByAClick(t *testing.T) {
	t.Parallel()
	p, pg := openPlain(t, "sentinel", "--down-after", "2s", "--load", "20")
	master := p.node(0)
	pg.until("all Sentinels to name it", has("address-row", "→ "+master)+"&&"+has("address-row", "all agree"))
	pg.do(chromedp.Evaluate[chromedp.Void](`window.seen = new Set(); setInterval(() => document.querySelectorAll("sentinel-panel [data-ref=machine] [aria-current] code").forEach((c) => seen.add(c.textContent)), 20)`))
	pg.click("#tab-sentinels")
	pg.until("nine opinions of servers", `document.querySelectorAll("sentinel-panel [data-held=ok]").length >= 9`)
	pg.click("#tab-node")
	pg.choose(master)
	pg.click(`node-inspector button[data-verb="kill"]`)
	pg.click("#tab-sentinels")
	pg.until("a Sentinel to hold it for down", `document.querySelector("sentinel-panel [data-held=sdown], sentinel-panel [data-held=odown]")`)
	pg.until("+switch-master", has("story-list li", "+switch-master"))
	pg.until("another address from everybody", has("address-row", "all agree")+"&& !"+has("address-row [data-ref=addresses]", "→ "+master))
	pg.until("the clients to follow", `!document.querySelector("address-row [data-ref=use]").textContent.includes(`+fmt.Sprintf("%q", master)+`)`)
	pg.until("the old master's line to go from the file", `document.querySelector("sentinel-panel .conf ins")`)
	kinds := ask[string](pg, `[...document.querySelectorAll("cluster-stage [data-ref=legend] li")].map((l) => l.textContent).join()`)
	for _, kind := range []string{"is the master down?", "asks for a vote", "a vote", "hello", "INFO", "REPLICAOF"} {
		require.Contains(t, kinds, kind)
	}
	pg.accessible(axe(t))
	pg.clean()
}
