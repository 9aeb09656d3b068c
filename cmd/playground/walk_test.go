package main_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// The stage by keys alone: everything a pointer reaches, and what a screen reader hears of it.

// heard is what a screen reader says of the option that the keyboard is on.
const heard = `(document.getElementById(document.querySelector("#nodes").getAttribute("aria-activedescendant") ?? "")?.innerText ?? "")`

// keys presses keys on the stage, one after the other.
func (p *page) keys(keys ...string) {
	p.t.Helper()
	p.do(chromedp.Focus(chromedp.CSS("#nodes")))
	for _, key := range keys {
		p.do(chromedp.KeyEvent(key))
	}
}

// enter presses Enter as a keyboard does: what takes the key keeps its character from what it opens.
// chromedp sends the character all the same.
func (p *page) enter() {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](`void document.querySelector("#nodes").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true}))`))
}

func TestKeysReachNodesAndLinksAndOpenTheMenuThatAPointerOpens(t *testing.T) {
	t.Parallel()
	checker := axe(t)
	_, p, pg := openConsole(t)
	pg.keys(kb.ArrowDown)
	pg.until("the first node", heard+`.includes("master of shard A")`)
	pg.keys("o")
	pg.until("its menu", `!document.querySelector("node-menu").hidden`)
	byKey := pg.text("node-menu")
	pg.do(chromedp.KeyEvent(kb.Escape))
	pg.rightClick(p.node(0))
	require.Equal(t, byKey, pg.text("node-menu"))
	pg.do(chromedp.KeyEvent(kb.Escape))

	pg.keys("g")
	pg.until("a link of it", fmt.Sprintf(heard+`.startsWith("link %s – ")`, p.node(0)))
	first := ask[string](pg, heard)
	seen := map[string]bool{first: true}
	for range 4 {
		before := ask[string](pg, heard)
		pg.keys(kb.ArrowRight)
		pg.until("the next link", fmt.Sprintf(heard+` !== %q`, before))
		seen[ask[string](pg, heard)] = true
	}
	require.Len(t, seen, 5, "every link of a node among six is reached")
	pg.keys(kb.ArrowRight)
	pg.until("the first again", fmt.Sprintf(heard+` === %q`, first))
	pg.keys("k")
	pg.accessible(checker)

	pg.keys(kb.ArrowDown)
	pg.until("the same link from its other end", fmt.Sprintf(`!%s.startsWith("link %s")`, heard, p.node(0)))
	pg.enter()
	pg.until("the menu of the link", `document.querySelector("node-menu .who")?.innerText.includes("↔")`)
	pg.do(chromedp.KeyEvent("c"))
	require.Eventually(t, func() bool { return len(p.status().Rules) == 2 }, pagePatience, 50*time.Millisecond, "cut both ways")
	pg.until("that it is cut", heard+`.includes("cut")`)
	pg.keys(kb.Escape)
	pg.until("the nodes again", heard+`.includes("of shard")`)
	for _, n := range p.status().Nodes {
		require.Equal(t, "up", n.State, "K means a node, and it was pressed on a link")
	}
	pg.clean()
}

func TestAHeldFrameIsReachedReleasedAndDroppedByKeys(t *testing.T) {
	t.Parallel()
	checker := axe(t)
	_, p, pg := openConsole(t)
	for _, link := range [][2]int{{0, 1}, {1, 2}, {2, 0}, {1, 0}, {2, 1}, {0, 2}} {
		require.Zero(t, p.ctl("hold", p.node(link[0]), p.node(link[1])).code)
	}
	pg.until("held frames", `document.querySelectorAll("network-panel [data-ref=held] li").length >= 3`)
	pg.keys(" ")
	pg.until("the pause", `document.querySelector("[data-ref=pause]").getAttribute("aria-pressed") === "true"`)
	pg.until("each of them where it waits", `document.querySelector("cluster-stage").figures().flights === document.querySelectorAll("network-panel [data-ref=held] li").length`)
	pg.keys("g", "g")
	pg.until("a held frame", heard+`.includes("waits, 1 of ")`)
	pg.keys(kb.ArrowRight)
	pg.until("the next one", heard+`.includes("waits, 2 of ")`)
	pg.accessible(checker)
	pg.enter()
	pg.until("its menu", `document.querySelector("node-menu [data-key=r]")`)
	pg.do(chromedp.KeyEvent("r"))
	pg.until("the release", `document.querySelector("caption-bar [data-ref=command]").innerText.includes("ctl release ")`)
	left := len(p.status().Held)
	pg.until("another frame", heard+`.includes("waits, ")`)
	pg.keys("d")
	pg.until("the drop, without a menu", `document.querySelector("caption-bar [data-ref=command]").innerText.includes("ctl drop ")`)
	require.Eventually(t, func() bool { return len(p.status().Held) < left }, pagePatience, 50*time.Millisecond)
	pg.keys("g")
	pg.until("the nodes", heard+` === "" || `+heard+`.includes("of shard")`)
	pg.clean()
}
