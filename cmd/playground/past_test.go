package main_test

import (
	"fmt"
	"net/url"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// The recorded session as a person uses it: the picture goes back while the lab runs on.

// live and replayed are what the page says of the picture.
const (
	live     = `!document.documentElement.hasAttribute("data-past")`
	replayed = `document.documentElement.hasAttribute("data-past")`
)

// drawn is true when the list of nodes, which says what is drawn, has words for a node.
func drawn(node, words string) string {
	return fmt.Sprintf(`document.querySelector('%s')?.innerText.includes(%q)`, entry(node), words)
}

// told is true when the story's list names an event.
func told(name string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("story-list li .name")].some(n => n.innerText === %q)`, name)
}

// moment is the time in the page's address; 0 without one.
func moment(p *page) int64 {
	at, err := url.Parse(ask[string](p, "location.href"))
	require.NoError(p.t, err)
	t, _ := strconv.ParseInt(at.Query().Get("t"), 10, 64)
	return t
}

// dead kills a master and waits until the page has told of the promotion of its replica.
func dead(t *testing.T, p *program, pg *page) (master, replica string) {
	t.Helper()
	master, replica = p.node(1), p.node(4)
	require.Zero(t, p.ctl("mark", "before the kill").code)
	require.Zero(t, p.ctl("kill", master).code)
	pg.until("the promotion", told("+promoted"))
	pg.until("the new master", drawn(replica, "master"))
	return master, replica
}

func TestThePictureGoesBackToBeforeTheKillWhileTheLabRunsOn(t *testing.T) {
	t.Parallel()
	b, p, pg := openConsole(t, quick...)
	witness := b.open(p.ready.Console)
	witness.until("the same lab", ok)
	master, replica := dead(t, p, pg)
	witness.until("the promotion there too", told("+promoted"))
	alive := drawn(master, "up") + " && " + drawn(master, "master") + " && " + drawn(replica, "replica")

	for presses := 0; !ask[bool](pg, alive); presses++ { // from flag to flag
		require.Less(t, presses, 40, "the flags lead back to before the kill")
		now := moment(pg)
		pg.do(chromedp.KeyEvent(kb.ArrowLeft))
		pg.until("another moment", fmt.Sprintf("!location.search.includes('t=%d') && location.search.includes('t=')", now))
		pg.until("its picture", `!document.querySelector("time-line").hasAttribute("data-loading")`)
	}
	require.True(t, ask[bool](pg, replayed))
	require.Contains(t, pg.text("cluster-stage [data-replay]"), "REPLAY")
	require.Equal(t, "cluster_state:ok", pg.text("[data-ref=word]"))
	pg.until("the story of then, which knows nothing of it", "!("+told("+killed")+")")
	then := moment(pg)
	require.Positive(t, then)

	require.True(t, ask[bool](witness, live+" && "+drawn(master, "killed")), "another viewer sees the present")
	require.Zero(t, p.ctl("mark", "meanwhile").code)
	witness.until("what happens meanwhile", `document.querySelector("story-list").innerText.includes("meanwhile")`)
	require.NotContains(t, pg.text("story-list"), "meanwhile")

	pg.do(chromedp.Reload())
	pg.until("the same moment after a reload", replayed+" && "+alive)
	require.Equal(t, then, moment(pg))

	pg.do(chromedp.KeyEvent(kb.End))
	pg.until("the present", live+" && "+drawn(master, "killed")+" && "+drawn(replica, "master"))
	pg.until("an address without a moment", "!location.search.includes('t=')")
	require.Contains(t, pg.text("story-list"), "meanwhile")
	pg.clean()
	witness.clean()
}

func TestThePicturePlaysFromThePastIntoThePresent(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t, quick...)
	master, _ := dead(t, p, pg)
	pg.do(chromedp.Evaluate[chromedp.Void](`(() => {
		const track = document.querySelector("time-line [data-ref=track]"), box = track.getBoundingClientRect();
		const at = {bubbles: true, button: 0, pointerId: 1, clientX: box.left + 3, clientY: box.bottom - 3};
		track.setPointerCapture = () => {};
		track.dispatchEvent(new PointerEvent("pointerdown", at));
	})()`))
	pg.until("the beginning of the record", replayed+` && !document.querySelector("time-line").hasAttribute("data-loading") && !(`+told("mark")+")")
	pg.do(chromedp.SetValue(chromedp.CSS("time-line select"), "4"), chromedp.Evaluate[chromedp.Void](`document.querySelector("time-line select").dispatchEvent(new Event("change"))`))
	pg.click(`[data-do="picture-play"]`)
	pg.until("the kill, once more", replayed+" && "+told("+killed")+" && "+drawn(master, "killed"))
	pg.until("the present, which the faster picture reaches", live+" && "+told("+promoted"))
	pg.clean()
}

func TestWhoActsInThePastIsAskedOnce(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	const asked = `document.getElementById("consent").open`
	pg.do(chromedp.KeyEvent(kb.ArrowLeft, chromedp.KeyModifiers(chromedp.ModifierShift)))
	pg.until("the past", replayed)
	pg.do(chromedp.KeyEvent("h"))
	pg.until("the question", asked)
	pg.click(`#consent button[value=""]`)
	pg.until("an answer", "!"+asked)
	require.NotContains(t, p.ctl("--json", "status").stdout, "ctl heal")
	pg.do(chromedp.KeyEvent("h"))
	pg.until("the question again, for it was declined", asked)
	pg.click(`#consent button[value=act]`)
	pg.until("the command", `document.querySelector("caption-bar [data-ref=command]").innerText.includes("heal")`)
	pg.do(chromedp.KeyEvent("h"))
	require.False(t, ask[bool](pg, asked), "asked once for every visit")
	pg.do(chromedp.KeyEvent(kb.End))
	pg.until("both", live+` && [...document.querySelectorAll("story-list li")].filter(l => l.innerText.includes("ctl heal")).length === 2`)
	pg.clean()
}

func TestTheReplayIsAccessible(t *testing.T) {
	t.Parallel()
	checker := axe(t)
	_, p, pg := openConsole(t)
	pg.do(chromedp.KeyEvent(kb.ArrowLeft, chromedp.KeyModifiers(chromedp.ModifierShift)))
	pg.until("the past", replayed+" && location.search.includes('t=')")
	then := moment(pg)
	for _, place := range []string{"stage", "slots"} {
		for _, theme := range []string{"dark", "light"} {
			query := url.Values{"view": {place}, "theme": {theme}, "t": {strconv.FormatInt(then, 10)}}
			pg.do(chromedp.Navigate(p.ready.Console + "?" + query.Encode()))
			pg.until("the past again", replayed+" && "+ok)
			pg.accessible(checker)
		}
	}
	pg.clean()
}

func TestTheDirectorSlowsAFailoverDownAndCatchesUp(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t, quick...)
	require.Equal(t, "false", ask[string](pg, `document.querySelector("[data-do=director]").getAttribute("aria-pressed")`), "off unless asked for")
	pg.do(chromedp.KeyEvent("d"))
	require.Zero(t, p.ctl("kill", p.node(1)).code)
	pg.until("slow motion, and why", fmt.Sprintf(`document.querySelector("cluster-stage [data-replay]").innerText.startsWith("SLOW MOTION, because %s has failed")`, p.node(1)))
	pg.until("the promotion in it", replayed+" && "+told("+promoted"))
	pg.until("the present again", live)
	pg.until("the promotion in the present's story", told("+promoted"))
	pg.clean()
}

func TestSlowMotionIsOnOnAProjectorUnlessSomebodyHasChosen(t *testing.T) {
	t.Parallel()
	_, _, pg := openConsole(t)
	const pressed = `document.querySelector("[data-do=director]").getAttribute("aria-pressed")`
	require.Equal(t, "false", ask[string](pg, pressed))
	pg.do(chromedp.KeyEvent("j"))
	pg.until("slow motion on the projector", pressed+` === "true"`)
	pg.do(chromedp.KeyEvent("j"))
	pg.until("none without it", pressed+` === "false"`)

	pg.do(chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	pg.until("the palette", `document.querySelector("command-palette li")`)
	pg.do(chromedp.SendKeys(chromedp.CSS(`command-palette [data-ref=command]`), "director on"+kb.Enter))
	pg.until("slow motion by command", pressed+` === "true"`)
	pg.until("a word about it", `document.querySelector("caption-bar").innerText.includes("Slow motion is on")`)
	pg.do(chromedp.Reload())
	pg.until("the choice after a reload", ok+" && "+pressed+` === "true"`)
	pg.clean()
}

func TestAMarkIsNotSetInThePast(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.do(chromedp.KeyEvent(kb.ArrowLeft, chromedp.KeyModifiers(chromedp.ModifierShift)))
	pg.until("the past", replayed)
	pg.do(chromedp.KeyEvent("b"))
	pg.until("the refusal", `document.querySelector("caption-bar [data-ref=answer]").innerText.includes("Press End for LIVE")`)
	pg.do(chromedp.KeyEvent(kb.End))
	pg.until("the present", live)
	pg.do(chromedp.KeyEvent("b"))
	pg.until("the mark", `document.querySelector("story-list").innerText.includes("moment ")`)
	marks := 0
	for _, line := range p.status().Story {
		if line.Name == "mark" {
			marks++
		}
	}
	require.Equal(t, 1, marks)
	pg.clean()
}
