package main_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// What the stage can draw, measured in a real browser on a made-up picture (?rehearse). How long it
// takes depends on the computer and is only printed; asserted is that the page's own script needs
// little more for a thousand nodes than for sixty, and that the still canvas is left alone.

// crowdFactor bounds what one picture of a thousand nodes may cost the script, in pictures of sixty
// with as many frames in flight. Medians are compared: a busy computer takes its time from any few.
const crowdFactor = 4

// manyPictures is how many are drawn before their median is believed.
const manyPictures = 60

type figures struct {
	Frames  int     `json:"frames"`
	Cost    float64 `json:"cost"`
	Cost95  float64 `json:"cost95"`
	Gap     float64 `json:"gap"`
	Gap95   float64 `json:"gap95"`
	Stills  int     `json:"stills"`
	Flights int     `json:"flights"`
}

func (p *page) figures() figures {
	return ask[figures](p, `document.querySelector("cluster-stage").figures()`)
}

func TestAThousandNodesCostLittleMoreThanSixty(t *testing.T) {
	b := openBrowser(t)
	console := start(t).ready.Console
	few := 0.0
	for _, nodes := range []int{60, 1000} {
		pg := b.open(fmt.Sprintf("%s?rehearse=%d,2000", console, nodes))
		pg.until("the frames", `document.querySelector("cluster-stage").figures?.().flights > 1500`)
		before := pg.figures()
		pg.until("some pictures", fmt.Sprintf(`(f => f.flights > 1500 && (f.frames > %d || f.frames === 600))(document.querySelector("cluster-stage").figures())`, before.Frames+manyPictures))
		f := pg.figures()
		t.Logf("%4d nodes, %d frames in flight: script %.1f ms, p95 %.1f ms; between pictures %.1f ms, p95 %.1f ms", nodes, f.Flights, f.Cost, f.Cost95, f.Gap, f.Gap95)
		if few == 0 {
			few = f.Cost
		}
		require.Less(t, f.Cost, crowdFactor*few, "%d nodes", nodes)
		require.LessOrEqual(t, f.Stills-before.Stills, 1, "nothing changed, so the still picture is painted no more")
		pg.clean()
	}
}

func TestWhoComesNearReadsNamesInACrowd(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	pg := b.open(start(t).ready.Console + "?rehearse=1000,0")
	detail := `document.querySelector("cluster-stage").detail`
	pg.until("squares", detail+` === "dots"`)
	spot := `(s => [s.x, s.y].join())(document.querySelector("cluster-stage").world.spots.get("7499"))`
	was := ask[string](pg, spot)
	for range 8 {
		pg.click(`[data-do="nearer"]`)
	}
	pg.until("names", detail+` === "full"`)
	require.Equal(t, was, ask[string](pg, spot), "a camera moves no node")
	pg.click(`[data-do="whole"]`)
	pg.until("the whole picture", detail+` === "dots"`)
	pg.clean()
}

// rightClick opens the menu of a node where the page has drawn it.
func (p *page) rightClick(node string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const stage = document.querySelector("cluster-stage"), nodes = document.querySelector("#nodes");
		const box = nodes.getBoundingClientRect(), spot = stage.scene.spots.get(%q);
		nodes.dispatchEvent(new MouseEvent("contextmenu", {bubbles: true, cancelable: true, button: 2, clientX: box.left + spot.x, clientY: box.top + spot.y}));
	})()`, node)))
	p.until("the menu", `!document.querySelector("node-menu").hidden`)
}

// drawAround draws a lasso around nodes with the mouse.
func (p *page) drawAround(nodes ...string) {
	p.t.Helper()
	type corner struct{ X, Y float64 }
	names := `["` + strings.Join(nodes, `","`) + `"]`
	corners := ask[[]corner](p, `(() => {
		const stage = document.querySelector("cluster-stage"), box = stage.getBoundingClientRect();
		const spots = `+names+`.map(n => stage.scene.spots.get(n));
		const [l, r] = [Math.min(...spots.map(s => s.x - s.r)) - 25, Math.max(...spots.map(s => s.x + s.r)) + 25].map(x => x + box.left);
		const [t, b] = [Math.min(...spots.map(s => s.y - s.r)) - 25, Math.max(...spots.map(s => s.y + s.r)) + 25].map(y => y + box.top);
		return [{X: l, Y: t}, {X: r, Y: t}, {X: r, Y: b}, {X: l, Y: b}, {X: l, Y: t + 9}];
	})()`)
	p.do(chromedp.MouseEvent("mousePressed", corners[0].X, corners[0].Y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	for _, c := range corners[1:] {
		p.do(chromedp.MouseEvent("mouseMoved", c.X, c.Y, chromedp.ButtonLeft))
	}
	last := corners[len(corners)-1]
	p.do(chromedp.MouseEvent("mouseReleased", last.X, last.Y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
}

func TestALassoCutsAShardOffAndShowsTheCommand(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	master, replica := p.node(1), p.node(4)
	pg.drawAround(master, replica)
	pg.until("the menu", `!document.querySelector("node-menu").hidden`)
	require.Contains(t, pg.text("node-menu .who"), master+", "+replica)
	require.Contains(t, pg.text("node-menu .typed code"), "playground ctl partition "+master+","+replica+" / rest")
	pg.do(chromedp.KeyEvent("i"))
	pg.until("the command", fmt.Sprintf(`document.querySelector("caption-bar [data-ref=command]").innerText.includes("partition %s,%s / rest")`, master, replica))
	require.Eventually(t, func() bool { return len(p.status().Rules) == 16 }, pagePatience, 50*time.Millisecond, "two nodes and four, both ways")
	pg.clean()
}

func TestTheMenuOfANodeActsAndTheMenuOfTheStageAddsOne(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.rightClick(p.node(0))
	pg.do(chromedp.KeyEvent("p"))
	pg.until("ice", fmt.Sprintf(`document.querySelector('%s')?.innerText.includes("frozen")`, entry(p.node(0))))
	pg.click(`[data-do="add"]`)
	pg.until("the menu", `!document.querySelector("node-menu").hidden`)
	pg.do(chromedp.KeyEvent("n"))
	pg.until("the new master", `document.querySelectorAll("#nodes li").length === 7`)
	pg.clean()
}
