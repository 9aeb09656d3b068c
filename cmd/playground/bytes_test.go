package main_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// part is how many bytes the panel says a part of the heartbeat has.
func part(kind string) string {
	return fmt.Sprintf(`document.querySelector('bytes-panel [data-ref=parts] tr[data-kind="%s"] td')?.innerText.replace(/\D/g, "")`, kind)
}

// said is what stands above the picture, without the spaces that group digits.
const said = `document.querySelector("bytes-panel [data-ref=beatof]").innerText.replace(/\u2009/g, "")`

func TestTheBytesOfAHeartbeatAreShownToScale(t *testing.T) {
	t.Parallel()
	_, p, pg := openConsole(t)
	pg.choose(p.node(1))
	pg.do(chromedp.KeyEvent("k", chromedp.KeyModifiers(2))) // Ctrl+K
	pg.until("the palette", `document.querySelector("#palette").open`)
	pg.do(chromedp.SendKeys(chromedp.CSS("command-palette [data-ref=command]"), "show cellar"+kb.Enter))
	pg.until("the refusal", `document.querySelector("command-palette [data-ref=refusal]").innerText.includes("bytes")`)
	pg.do(chromedp.SetValue(chromedp.CSS("command-palette [data-ref=command]"), "show bytes"), chromedp.SendKeys(chromedp.CSS("command-palette [data-ref=command]"), kb.Enter))
	pg.until("the bitmap of 16384 slots", part("slots")+` === "2048"`)
	pg.until("gossip", `+(`+part("gossip")+`) % 104 === 0`) // of three nodes as a rule, of fewer now and then
	require.Equal(t, "208", ask[string](pg, part("header")))
	pg.until("whose it is, and the sum", fmt.Sprintf(`%s.includes("that %s sent: " + (208 + 2048 + Number(%s)) + " bytes")`, said, p.node(1), part("gossip")))
	pg.until("the counters", `document.querySelector("bytes-panel [data-ref=costs]").innerText.includes("packets a second")`)
	small := ask[int](pg, `document.querySelector("bytes-panel canvas").height`)

	pg.click(`bytes-panel [data-slots="65536"]`)
	pg.until("the bitmap of 65536 slots", part("slots")+` === "8192"`)
	pg.until("the sum with it", fmt.Sprintf(`%s.includes((208 + 8192 + Number(%s)) + " bytes")`, said, part("gossip")))
	large := ask[int](pg, `document.querySelector("bytes-panel canvas").height`)
	require.InDelta(t, 137.0/41, float64(large)/float64(small), 0.15, "drawn to the same scale")

	pg.click("bytes-panel summary")
	fields := ask[string](pg, `document.querySelector("bytes-panel [data-ref=fields]").innerText`)
	for _, want := range []string{"52 43 6d 62", "RCmb", "PING", "slots\t5462", "about "} {
		require.Contains(t, strings.ReplaceAll(fields, "\n", "\t"), want)
	}
	pg.clean()
}
