package main_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

func TestThePageOfALabShowsThatOneAndLeadsToTheOthers(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t, "--port", labPorts())
	defer pg.forgive("404")
	require.Zero(t, p.ctl("new", "chain", "--id", "chain", "--replicas", "1").code)
	pg.do(chromedp.KeyEvent("s"))
	pg.until("both labs in the list", `[...document.querySelectorAll("lab-list .lablist a")].map((a) => a.innerText).join() === "main,chain"`)
	pg.follow(`lab-list .lablist a[href^="/labs/chain"]`)
	pg.until("the page of the chain", `location.pathname === "/labs/chain" && document.querySelector("status-bar [data-ref=lab]")?.innerText === "chain"`)
	chain := p.labsOf().Labs[1]
	pg.until("its nodes", fmt.Sprintf(`document.querySelector("#nodes")?.innerText.includes("%d")`, chain.First))
	pg.click(`[data-do="palette"]`)
	pg.do(chromedp.SendKeys(chromedp.CSS(`#palette [data-ref="command"]`), "mark on the chain"+kb.Enter))
	pg.until("the command with its lab", `document.querySelector("caption-bar [data-ref=command]").innerText === "playground ctl --lab chain mark on the chain"`)
	require.NotContains(t, p.ctl("--json", "status").stdout, "on the chain")
	require.Zero(t, p.ctl("close", "chain").code)
	pg.until("that it is gone", `document.querySelector(".locked .open a")?.innerText === "main"`)
	pg.follow(".locked .open a")
	pg.until("the main lab", `location.pathname === "/" && document.querySelector("status-bar [data-ref=lab]")?.innerText === "main"`)
}

func TestAFullComputerIsDrawnWithWhatMakesRoom(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t, "--port", labPorts())
	defer pg.forgive("404")
	require.Zero(t, p.ctl("new", "chain", "--id", "chain", "--replicas", "1").code)
	pg.do(chromedp.KeyEvent("s"))
	pg.until("the list", `document.querySelectorAll("lab-list .lablist li").length === 2`)
	pg.do(chromedp.Evaluate[chromedp.Void](`const f = document.querySelector("lab-list .newlab"); f.masters.value = 1000; f.id.value = "big"; f.requestSubmit()`))
	pg.until("what is short", `!document.querySelector("lab-list .full").hidden && document.querySelector("lab-list .machine [data-full]") !== null`)
	require.Len(t, p.labsOf().Labs, 2)
	last := `[...document.querySelectorAll("lab-list .full button")].at(-1)`
	pg.do(chromedp.Evaluate[chromedp.Void](last + `.click()`))
	pg.until("that one press is not enough", last+`.hasAttribute("data-sure")`)
	require.Len(t, p.labsOf().Labs, 2)
	pg.do(chromedp.Evaluate[chromedp.Void](last + `.click()`))
	pg.until("one lab less", `document.querySelectorAll("lab-list .lablist li").length === 1`)
	require.Len(t, p.labsOf().Labs, 1)
}

func TestAnIncidentStrikesLabsFromThePage(t *testing.T) {
	_, p, pg := openConsole(t)
	require.Zero(t, p.ctl("new", "chain", "--id", "chain", "--replicas", "1").code)
	pg.do(chromedp.KeyEvent("s"))
	pg.until("both labs to choose from", `document.querySelectorAll("lab-list [data-ref=struck] input").length === 2`)
	pg.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".strike").open = true;
		document.querySelector("[data-ref=struck] input[value=main]").click();
		document.querySelector(".strike textarea").value = "kill master\nafter 1s restart master";
		document.querySelector(".strike textarea").dispatchEvent(new Event("input", { bubbles: true }))`))
	require.Equal(t, "playground ctl --labs chain incident --within 60s 'kill master' 'after 1000ms restart master'",
		ask[string](pg, `document.querySelector("[data-ref=strikecommand]").innerText`), "one lab is left out")
	pg.click("[data-ref=strikego]")
	pg.until("how the chain came through", `/^chain.*did not serve from .* back at /s.test(document.querySelector("[data-ref=courses]").innerText)`)
	require.Equal(t, 1, ask[int](pg, `document.querySelectorAll("[data-ref=courses] li").length`))
	require.NotZero(t, ask[int](pg, `document.querySelectorAll("[data-ref=courses] [data-state=fail]").length`))
	pg.do(chromedp.Evaluate[chromedp.Void](`const f = document.querySelector("[data-ref=strike]"); f.acts.value = "kill nobody"; f.requestSubmit()`))
	pg.until("the refusal", `/refused: .*nobody/.test(document.querySelector("[data-ref=courses]").innerText)`)
}

// follow goes where a link leads.
func (p *page) follow(selector string) {
	p.t.Helper()
	p.do(chromedp.Navigate(ask[string](p, fmt.Sprintf("document.querySelector(%q).href", selector))))
}
