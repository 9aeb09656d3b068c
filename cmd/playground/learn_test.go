package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// The Learn screen as a class sees it: led with one key, watched by others, and one's own lesson.

const (
	leads    = `!document.querySelector("lesson-panel [data-ref=next]").disabled`
	finished = `document.querySelector("lesson-panel .finished")`
	stepped  = `document.querySelector("lesson-panel [data-ref=count]").innerText`
)

// brought is a lesson as a trainer would drop it on the page.
const brought = `---
id: hello
level: 1
minutes: 1
cluster: {masters: 3, replicas: 0, cluster-node-timeout: 2000}
---
# Hello

Ask any node:

` + "```redis {node=7000}\n127.0.0.1:7000> PING\nPONG\n127.0.0.1:7000> ECHO hi\n\"hi\"\n```\n\n```quiz\nWho is it?\n- [ ] nobody\n- [x] a node\n```\n\n```play\nkill 7002\nwait pfail 7002 within 20s\n```\n"

// bring gives the page a file, as a person who chooses or drops one.
func (p *page) bring(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), name)
	require.NoError(p.t, os.WriteFile(path, []byte(text), 0o600))
	p.do(chromedp.SetUploadFiles(chromedp.CSS("lesson-panel input[type=file]"), []string{path}))
}

// lead presses the clicker's forward key until the open lesson is finished.
func (p *page) lead() {
	p.t.Helper()
	for range 100 {
		p.until("the next press", leads)
		if ask[bool](p, finished+" !== null") {
			return
		}
		p.do(chromedp.KeyEvent(kb.PageDown))
		require.Empty(p.t, p.text("lesson-panel .fence[data-state=failed]:not(.quiz)"))
		require.Empty(p.t, p.text("lesson-panel [data-ref=refusal]"))
	}
	require.Fail(p.t, "the lesson has no end", p.text("lesson-panel"))
}

func TestOneKeyLeadsThroughALesson(t *testing.T) {
	t.Parallel()
	b, p, pg := openConsole(t)
	pg.do(chromedp.Navigate(p.ready.Console + "?view=learn&lesson=sixteen-thousand-slots"))
	pg.until("the lesson", `document.querySelector("lesson-panel .fence")`)
	require.Zero(t, p.ctl("speed", "20").code)
	pg.do(chromedp.KeyEvent(kb.PageDown))
	pg.until("the lab set for the lesson", `document.querySelector("lesson-panel [data-here]")`)
	witness := b.open(p.ready.Console + "?view=learn&lesson=sixteen-thousand-slots")
	pg.lead()
	steps := ask[int](pg, `document.querySelectorAll("lesson-panel [data-fence]").length`)
	require.Equal(t, fmt.Sprintf("%d of %d", steps, steps), ask[string](pg, stepped))
	require.Equal(t, steps, ask[int](pg, `document.querySelectorAll("lesson-panel [data-fence][data-state=passed]").length`))
	run := `[...document.querySelectorAll("lesson-panel .fence:not(.quiz)")]`
	witness.until("the same steps in another browser", run+`.every((f) => f.dataset.state === "passed")`)

	pg.do(chromedp.Reload())
	pg.until("the steps after a reload", `document.querySelector("lesson-panel .fence") && `+run+`.every((f) => f.dataset.state === "passed")`)
	pg.click("lesson-panel [data-ref=back]")
	pg.until("the result on the shelf", fmt.Sprintf(`document.querySelector("[data-lesson=sixteen-thousand-slots] .got[data-all]")?.innerText.includes("%d of %d")`, steps, steps))
	pg.until("the lab's own shape", ok)
	witness.until("the end in the other browser", `document.querySelector("lesson-panel [data-ref=next]").innerText === "Start the lesson"`)
	pg.clean()
	witness.clean()
}

func TestALessonOfAnotherKindOfLabGivesTheOldOneBack(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.do(chromedp.Navigate(p.ready.Console + "?view=learn&lesson=three-sentinels"))
	pg.until("the lesson", `document.querySelector("lesson-panel .fence")`)
	require.Zero(t, p.ctl("speed", "20").code)
	pg.do(chromedp.KeyEvent(kb.PageDown))
	pg.until("the lab set for the lesson", `document.querySelector("lesson-panel [data-here]")`)
	require.Equal(t, "sentinel", p.status().Topology)
	require.Len(t, p.status().Sentinels, 3)
	require.Zero(t, p.ctl("speed", "8").code)
	pg.lead()
	require.Equal(t, ask[int](pg, `document.querySelectorAll("lesson-panel [data-fence]").length`), ask[int](pg, `document.querySelectorAll("lesson-panel [data-fence][data-state=passed]").length`))
	pg.click("lesson-panel [data-ref=back]")
	pg.until("the lab's own shape", ok)
	require.Len(t, p.status().Nodes, 6)
	pg.clean()
}

func TestALessonOfOnesOwnIsBroughtSteppedAndBegunAgain(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.do(chromedp.Navigate(p.ready.Console + "?view=learn"))
	pg.until("the shelf", `document.querySelector("lesson-panel .lessons")`)
	pg.bring("hello.en.md", brought[:len(brought)-len("wait pfail 7002 within 20s\n```\n")]+"wait pfale 7002\n```\n")
	pg.until("the mistake with its place", `document.querySelector("lesson-panel .answer li .at")?.innerText === "line 26"`)
	require.Equal(t, "pfale", pg.text("lesson-panel .answer li mark"), "what stands there")
	require.Contains(t, pg.text("lesson-panel .answer li .hint"), "pfail", "what to write instead")
	pg.accessible(axe(t))
	pg.bring("hello.en.md", brought)
	pg.until("the lesson", `document.querySelector("lesson-panel [data-ref=title]").innerText === "Hello"`)

	pg.click(`[data-fence="1"] [data-act=step]`)
	pg.until("the first line, and no more", `document.querySelector('[data-fence="1"]').dataset.state === "ready"`)
	require.Equal(t, 3, len(p.status().Nodes), "the lab that the lesson wants")
	pg.click(`[data-fence="1"] [data-act=run]`)
	pg.until("the rest", `document.querySelector('[data-fence="1"]').dataset.state === "passed"`)
	require.True(t, ask[bool](pg, `document.querySelector('[data-fence="3"] [data-act=run]').disabled`), "first predict")
	pg.click(`[data-fence="2"] label:nth-of-type(2)`)
	pg.until("the answer", `document.querySelector('[data-fence="2"] .result').innerText.includes("Right")`)
	pg.click(`[data-fence="3"] [data-act=run]`)
	pg.until("the wait", `document.querySelector('[data-fence="3"]').dataset.state === "waiting"`)
	pg.click("lesson-panel [data-ref=stop]")
	pg.until("the stop", `document.querySelector('[data-fence="3"]').dataset.state === "stopped"`)

	pg.do(chromedp.KeyEvent("R"))
	pg.until("the lesson's start", `document.querySelectorAll("lesson-panel .fence:not([data-state=idle])").length === 0 && `+leads)
	for _, n := range p.status().Nodes {
		require.Equal(t, "up", string(n.State), "%s lives again", n.Name)
	}
	pg.forgive("status of 400") // the mistake
	pg.forgive("status of 409") // the step that was stopped
	pg.clean()
}

func TestTheClickerComesToAStepBelowTheEdgeOfASmallScreen(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.do(chromedp.EmulateViewport(1280, 560))
	pg.do(chromedp.Navigate(p.ready.Console + "?mode=projector&view=learn&lesson=a-master-dies"))
	pg.until("the lesson", `document.querySelector("lesson-panel .fence")`)
	const first = `document.querySelector('[data-fence="1"]')`
	presses := 0
	for ; presses < 12 && ask[string](pg, first+".dataset.state") == "idle"; presses++ {
		pg.until("the next press", leads)
		pg.do(chromedp.KeyEvent(kb.PageDown))
		pg.until("the lab set for the lesson, and the step", `document.querySelector("lesson-panel [data-ref=count]").innerText && `+leads)
	}
	require.Less(t, presses, 12, "its text is higher than the screen, and it runs all the same")
	pg.until("the first step", first+`.dataset.state === "passed"`)
	pg.clean()
}
