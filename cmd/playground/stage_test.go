package main_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the stage can draw, measured in a real browser on a made-up picture (?rehearse). How fast
// screens follow each other depends on the computer and is only printed; asserted is what the
// page's own script needs for one picture, and that the still canvas is left alone.

// frameBudget is what the script may need for one picture, in milliseconds: half of what a picture
// has at 30 a second. The median is asserted, because a busy computer takes its time from any few.
const frameBudget = 16

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

func TestThousandNodesAndTwoThousandFramesAreDrawnInTime(t *testing.T) {
	b := openBrowser(t)
	console := start(t).ready.Console
	for _, nodes := range []int{60, 300, 1000} {
		pg := b.open(fmt.Sprintf("%s?rehearse=%d,2000", console, nodes))
		pg.until("the frames", `document.querySelector("cluster-stage").figures?.().flights > 1500`)
		before := pg.figures()
		pg.until("a hundred pictures", fmt.Sprintf(`(f => f.flights > 1500 && (f.frames > %d || f.frames === 600))(document.querySelector("cluster-stage").figures())`, before.Frames+100))
		f := pg.figures()
		t.Logf("%4d nodes, %d frames in flight: script %.1f ms, p95 %.1f ms; between pictures %.1f ms, p95 %.1f ms", nodes, f.Flights, f.Cost, f.Cost95, f.Gap, f.Gap95)
		require.Less(t, f.Cost, float64(frameBudget), "%d nodes", nodes)
		require.LessOrEqual(t, f.Stills-before.Stills, 1, "nothing changed, so the still picture is painted no more")
		pg.clean()
	}
}

func TestWhoComesNearReadsNamesInACrowd(t *testing.T) {
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
