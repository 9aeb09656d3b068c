package main_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

// Everything that can be done to a lab can be done in four ways: on the page, over REST, with ctl
// and in a lesson. All four are made from the one list of verbs; these tests use each of them for
// each verb, on a real lab. REST is in web: TestEveryVerbIsDoneOverREST.

// portsOf names a program's nodes in an example, which is written for ports from 7000.
func (p *program) portsOf(example string) string {
	base, err := strconv.Atoi(p.node(0))
	require.NoError(p.t, err)
	return regexp.MustCompile(`\b70\d\d\b`).ReplaceAllStringFunc(example, func(port string) string {
		n, err := strconv.Atoi(port)
		require.NoError(p.t, err)
		return strconv.Itoa(base + n - 7000)
	})
}

func TestEveryVerbIsARouteAndIsInTheContract(t *testing.T) {
	t.Parallel()
	p := start(t)
	_, contract := p.ask(http.MethodGet, "/api/openapi.yaml", "", http.Header{})
	for _, spec := range playground.Verbs() {
		path := "/api/labs/main/actions/" + spec.Verb
		status, _ := p.ask(http.MethodPost, path, "", http.Header{})
		require.Equal(t, http.StatusUnauthorized, status, "%s is there, and not for everybody", path)
		require.Contains(t, contract, "actions/"+spec.Verb+":")
	}
}

func TestEveryVerbIsDoneWithCtl(t *testing.T) {
	t.Parallel()
	p := start(t, "--node-timeout", "1500ms")
	help := p.ctl("--help").stdout
	for _, spec := range playground.Verbs() {
		t.Run(spec.Verb, func(t *testing.T) {
			require.Contains(t, help, spec.Example)
			a := p.ctl(strings.Fields(p.portsOf(spec.Example))...)
			// What one example leaves behind may stand in the way of the next; it is read all the same.
			require.Contains(t, []int{0, 1}, a.code, a.stderr)
			if a.code == 0 {
				require.NotEmpty(t, a.stdout)
				return
			}
			require.True(t, slices.ContainsFunc(p.status().Story, func(l playground.Line) bool { return strings.HasPrefix(l.Line, spec.Verb+" refused") }), a.stderr)
		})
	}
}

// listsVerbs waits for the palette to offer every verb but those that the lab's kind has no use for.
func (p *page) listsVerbs(of *program, but ...string) {
	p.t.Helper()
	var want []string
	for _, spec := range playground.Verbs() {
		if !slices.Contains(but, spec.Verb) {
			want = append(want, of.portsOf(spec.Example))
		}
	}
	p.until("the verbs, and show, director and lab, which the page does itself", fmt.Sprintf(`document.querySelectorAll("#palette li").length === %d`, len(want)+3))
	shown := ask[[]string](p, `[...document.querySelectorAll("#palette li code")].map((e) => e.innerText)`)
	require.Equal(p.t, want, shown[:len(want)], "with the ports of this lab")
}

func TestThePaletteOfALabWithSentinelsOffersWhatAClusterHasNoUseFor(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	p := start(t, "--topology", "sentinel")
	pg := b.open(p.ready.Link)
	pg.until("the stage", `document.documentElement.dataset.kind === "sentinel"`)
	pg.click(`[data-do="palette"]`)
	pg.listsVerbs(p, "add-master", "move-slots", "move-step", "move-run", "move-abort", "rebalance")
}

func TestEveryVerbIsInThePaletteAndIsDoneFromThere(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t, quick...)
	pg.click(`[data-do="palette"]`)
	pg.listsVerbs(p, "replicaof", "rewire", "add-sentinel")
	pg.do(chromedp.KeyEvent(kb.Escape))
	for _, spec := range playground.Verbs() {
		t.Run(spec.Verb, func(t *testing.T) {
			pg.t = t
			pg.until("the palette to be closed", `!document.querySelector("#palette").open`)
			pg.click(`[data-do="palette"]`)
			pg.do(chromedp.SendKeys(chromedp.CSS(`#palette [data-ref="command"]`), p.portsOf(spec.Example)+kb.Enter))
			pg.until("the command below the stage", fmt.Sprintf(`document.querySelector("caption-bar [data-ref=command]").innerText.split(" ")[2] === %q`, spec.Verb))
			pg.until("an answer", `!document.querySelector("#palette").open || !document.querySelector("#palette [data-ref=refusal]").hidden`)
			if ask[bool](pg, `document.querySelector("#palette").open`) {
				require.NotEmpty(t, pg.text("#palette [data-ref=refusal]"))
				pg.do(chromedp.KeyEvent(kb.Escape))
			}
		})
	}
}

// day is a lesson that uses every verb once, in an order in which each makes sense.
const day = `---
id: every-verb
level: 1
minutes: 5
cluster: {masters: 3, replicas: 1, cluster-node-timeout: 1500}
---
# Every verb once

` + "```play" + `
mark before the kill
speed 4
load 50
config-set 7000 cluster-node-timeout 1500
move-slots 7000 7001 3 --mode step
move-step
move-run
wait slots 7001 == 5465 within 30s
move-slots 7001 7000 200 --mode step
move-abort
add-replica 7000
add-master
delay 7000 7001 20ms~5ms
hold * * PING
! release 4711
drop --type PONG
partition 7001,7004 / rest
heal
wait state ok within 60s
disk 7001 full
disk 7001 ok
freeze 7001
thaw 7001
wait state ok within 60s
failover 7004
kill 7002
restart 7002
wait state ok within 60s
remove 7007
rebalance
pause
step
resume
reset
setup --masters 3 --replicas 0
setup --topology replication
replicaof 7001 no-one
wait promoted 7001 within 10s
rewire 7001
setup --topology sentinel --sentinels 2
add-sentinel
` + "```\n"

func TestEveryVerbIsDoneInALesson(t *testing.T) {
	t.Parallel()
	for _, spec := range playground.Verbs() {
		require.Regexp(t, `(?m)^(! )?`+spec.Verb+`\b`, day, "the day does not use it")
	}
	file := filepath.Join(t.TempDir(), "en.md")
	require.NoError(t, os.WriteFile(file, []byte(day), 0o600))
	a := runProgram(t, t.TempDir(), "lesson", "run", file, "--headless", "--port", programPort())
	require.Zero(t, a.code, a.stdout+a.stderr)
}
