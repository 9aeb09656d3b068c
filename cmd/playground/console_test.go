package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

// The tests of the console as a person uses it: a real page, a real lab, and no look inside.

const ok = `document.querySelector("[data-ref=word]").innerText === "cluster_state:ok"`

// quick is the node timeout of a lab in which a failover is meant to happen. Where nothing is meant to
// fail it is Redis' own: nodes that a busy computer holds up for a second must not suspect each other.
var quick = []string{"--node-timeout", "1500ms"}

// openConsole starts a lab and opens its page.
func openConsole(t *testing.T, flags ...string) (*browser, *program, *page) {
	t.Helper()
	b := openBrowser(t)
	p := start(t, flags...)
	pg := b.open(p.ready.Link)
	pg.until("a healthy lab", ok)
	return b, p, pg
}

// entry is the place of a node on the stage that keyboards and screen readers use.
func entry(node string) string { return fmt.Sprintf(`#nodes [data-item="%s"]`, node) }

// choose clicks a node on the stage, where the page has drawn it.
func (p *page) choose(node string) {
	p.t.Helper()
	p.until("node "+node, fmt.Sprintf("document.querySelector('%s')", entry(node)))
	p.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const stage = document.querySelector("cluster-stage");
		const box = stage.getBoundingClientRect(), spot = stage.scene.spots.get(%q);
		document.querySelector("#nodes").dispatchEvent(new MouseEvent("click", {bubbles: true, clientX: box.left + spot.x, clientY: box.top + spot.y}));
	})()`, node)))
	p.until("the inspector", fmt.Sprintf(`document.querySelector("node-inspector [data-ref=name]").innerText.includes(%q)`, node))
}

func TestTheLinkOpensTheConsoleOnce(t *testing.T) {
	t.Parallel()
	b, p, pg := openConsole(t)
	require.Equal(t, "6", pg.text("status-bar [data-ref=nodes]"))
	require.Equal(t, "16384/16384", pg.text("[data-ref=slots]"))
	require.Empty(t, ask[string](pg, "location.hash"), "the code is gone from the address")
	pg.do(chromedp.Reload())
	pg.until("the lab again, by cookie", ok)
	pg.clean()

	other := b.openApart(p.ready.Link) // the same link, used before, in another browser
	other.until("the notice", `document.querySelector(".locked")`)
	require.Contains(t, other.text(".locked"), "playground ctl link")
	link := strings.TrimSpace(p.ctl("link").stdout)
	_, code, _ := strings.Cut(link, "#")
	other.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("void (location.hash = %q)", code)))
	other.until("the lab, by another link", ok)
	require.False(t, ask[bool](other, `document.querySelector(".locked") !== null`))
}

func TestKillingAMasterOnTheStagePromotesItsReplica(t *testing.T) {
	t.Parallel()
	b, p, pg := openConsole(t, quick...)
	witness := b.open(p.ready.Console)
	witness.until("the same lab", ok)
	master, replica := p.node(1), p.node(4)
	pg.choose(master)
	pg.click(`node-inspector button[data-verb="kill"]`)
	for _, viewer := range []*page{pg, witness} {
		viewer.until("the promotion in the story", fmt.Sprintf(`[...document.querySelectorAll("story-list li")].some(l => l.innerText.includes("+promoted") && l.innerText.includes(%q))`, replica))
		viewer.until("the cluster to be ok again", ok)
	}
	require.Equal(t, pg.text("[data-ref=epoch]"), witness.text("[data-ref=epoch]"))
	require.Contains(t, pg.text("caption-bar [data-ref=command]"), "playground ctl kill "+master)
	for _, n := range p.status().Nodes {
		if n.Name == replica {
			require.Equal(t, "master", n.Role)
		}
	}
	pg.clean()
	witness.clean()
}

func TestSlotsMoveByTheForm(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.click("#tab-slots")
	pg.until("the masters to choose from", `document.querySelectorAll("move-panel select[name=from] option").length === 3`)
	pg.do(chromedp.SetValue(chromedp.CSS(`move-panel select[name="from"]`), p.node(0)), chromedp.SetValue(chromedp.CSS(`move-panel select[name="to"]`), p.node(1)),
		chromedp.SetValue(chromedp.CSS(`move-panel input[name="slots"]`), "40"))
	pg.click(`move-panel button[value="run"]`)
	pg.until("the move to be done", `document.querySelector("move-panel article")?.innerText.includes("40 of 40 slots · done")`)
	pg.until("the new owners", `[...document.querySelectorAll("move-panel .owners tr")].some(r => r.children[2].innerText.replace(/\D/g, "") === "5502")`)
	require.Equal(t, "16384/16384", pg.text("[data-ref=slots]"))
	pg.clean()
}

func TestTheTerminalFollowsRedirections(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.line("SET user:1 ada") // user:1 is in slot 10778, the second master's
	pg.shows("Redirected to slot [10778] located at 127.0.0.1:" + p.node(1))
	pg.until("the picker to follow", fmt.Sprintf(`document.querySelector("redis-term [data-ref=node]").value === %q`, p.node(1)))
	pg.line("GET user:1")
	pg.shows(`"ada"`)
	hostile := `<img src=x onerror=document.title="owned">`
	pg.line(`SET "` + strings.ReplaceAll(hostile, `"`, `\"`) + `" "` + strings.ReplaceAll(hostile, `"`, `\"`) + `"`)
	pg.line(`GET "` + strings.ReplaceAll(hostile, `"`, `\"`) + `"`)
	pg.line(`CLIENT SETNAME <script>`)
	pg.line(`<b>`)
	require.Zero(t, p.ctl("mark", hostile).code)
	pg.shows("unknown command '<b>'")
	pg.until("the text as text", `document.querySelector("story-list").innerText.includes("onerror")`)
	require.Zero(t, ask[int](pg, `document.querySelectorAll("img, main script, main b, footer script").length`))
	require.Equal(t, "Cluster Playground", ask[string](pg, "document.title"))
	pg.clean()
}

func TestTheTerminalIsOpenedLeftAndSentToANode(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	require.Equal(t, 0, ask[int](pg, `document.querySelectorAll(".xterm").length`), "nothing is loaded that nobody wants")
	pg.do(chromedp.Focus(chromedp.CSS("#nodes")), chromedp.KeyEvent("`"))
	pg.shows("127.0.0.1:" + p.node(0) + ">")
	pg.until("the keyboard in the terminal", `document.activeElement.classList.contains("xterm-helper-textarea")`)
	pg.do(chromedp.KeyEvent(kb.Escape))
	pg.until("the keyboard on the stage", `document.activeElement.id === "nodes"`)
	pg.choose(p.node(4))
	pg.click(`node-inspector [data-do="terminal-node"]`)
	pg.shows("connect 127.0.0.1 " + p.node(4))
	pg.shows("127.0.0.1:" + p.node(4) + ">")
	pg.click(`redis-term [data-ref="cluster"]`)
	pg.shows(":set nocluster")
	pg.line("READONLY")
	pg.line("SET a 1")
	pg.shows("(error) MOVED 15495 127.0.0.1:" + p.node(2))
	pg.line("SUBSCRIBE news")
	pg.shows("Reading messages...")
	pg.do(chromedp.KeyEvent("c", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	pg.line("QUIT")
	pg.shows("Press Enter for a new one.")
	pg.do(chromedp.KeyEvent(kb.Enter))
	pg.line("PING")
	pg.shows("PONG")
	require.False(t, ask[bool](pg, `document.querySelector("redis-term").text().includes("\x1b")`), "control sequences are obeyed, not shown")
	pg.accessible(axe(t))
	pg.clean()
}

// line types a line into the terminal, which it opens when it has to.
func (p *page) line(text string) {
	p.t.Helper()
	if ask[bool](p, `document.querySelector(".xterm") === null`) {
		p.click(`redis-term [data-ref="start"]`)
	}
	p.until("a prompt", `document.querySelector("redis-term").text().endsWith(">")`)
	p.do(chromedp.SendKeys(chromedp.CSS(".xterm-helper-textarea"), text+kb.Enter))
}

// shows waits until the terminal's screen holds text.
func (p *page) shows(text string) {
	p.t.Helper()
	p.until("on the terminal: "+text, fmt.Sprintf(`document.querySelector("redis-term").text().includes(%q)`, text))
}

func TestTimeStandsStillStepsAndGoesOn(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.do(chromedp.Focus(chromedp.CSS("#nodes")), chromedp.KeyEvent(" "))
	pg.until("the pause", `document.querySelector("[data-ref=pause]").getAttribute("aria-pressed") === "true"`)
	before := p.status()
	require.True(t, before.Clock.Paused)
	pg.until("the step button", `!document.querySelector("[data-ref=step]").disabled`)
	pg.click("[data-ref=step]")
	pg.until("what the step did", `document.querySelector("caption-bar [data-ref=command]").innerText.endsWith("step")`)
	for range 20 {
		pg.do(chromedp.KeyEvent("."))
	}
	stepped := func(s playground.Snapshot) bool { return s.Now > before.Now }
	require.Eventually(t, func() bool { return stepped(p.status()) }, pagePatience, 50*time.Millisecond)
	pg.click("[data-ref=pause]")
	pg.until("life", `document.querySelector("[data-ref=pause]").getAttribute("aria-pressed") === "false"`)
	require.False(t, p.status().Clock.Paused)
	pg.clean()
}

func TestThePageSaysWhenTheLabIsAway(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	require.True(t, ask[bool](pg, `document.cookie === ""`), "scripts see no cookie")
	p.signal(syscall.SIGSTOP) // the console neither answers nor hangs up
	p.signal(syscall.SIGCONT)
	pg.until("time to go on", `(window.then ??= document.querySelector("[data-ref=time]").innerText) !== document.querySelector("[data-ref=time]").innerText`)
	pg.clean()

	p.signal(syscall.SIGINT)
	pg.until("the loss", `document.querySelector("[data-ref=link]").innerText.includes("reconnecting")`)
	require.Zero(t, p.end(pagePatience))
	require.Equal(t, 6, ask[int](pg, `document.querySelectorAll("#nodes > *").length`), "the last picture stays")
}

// TestScreenshot makes the README's picture: a lab under load in which a master has been killed
// and its replica asks for votes.
func TestScreenshot(t *testing.T) {
	if os.Getenv("SCREENSHOT") == "" {
		t.Skip("SCREENSHOT=1 makes the picture")
	}
	b := openBrowser(t)
	p := start(t, "--port", "7000", "--seed", "42", "--node-timeout", "3s")
	pg := b.open(p.ready.Link)
	pg.do(chromedp.EmulateViewport(1440, 900))
	pg.until("a healthy lab", ok)
	require.Zero(t, p.ctl("load", "200").code)
	pg.line("SET user:1 ada")
	pg.shows("OK")
	pg.line("GET user:1")
	pg.line("INCR visits")
	pg.line("CLUSTER KEYSLOT visits")
	pg.choose(p.node(1))
	pg.click(`node-inspector button[data-verb="kill"]`)
	pg.until("the suspicion", `document.querySelector("story-list").innerText.includes("+pfail")`)
	require.Zero(t, p.ctl("speed", "0.1").code)
	require.Zero(t, p.ctl("delay", "*", p.node(4), "60ms").code)
	pg.until("the election", `/asks for votes|votes, the last/.test(document.querySelector("caption-bar [data-ref=sentence]").innerText)`)
	path, err := filepath.Abs(filepath.Join("..", "..", "assets", "screenshot.png"))
	require.NoError(t, err)
	pg.shoot(path)
	t.Log(path)
}
