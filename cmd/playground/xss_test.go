package main_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// siege is a console that has been given every payload.
type siege struct {
	*page
	t      *testing.T
	p      *program
	before int // what census said of the page without payloads
}

// census counts the elements that no text may bring into the page.
const census = `document.querySelectorAll("img, image, iframe, object, embed, video, audio, math, base, marquee, template, noscript, form[action], meta[http-equiv], foreignObject, animate, svg script, style, a[href^='j' i], a[href^='d' i], a[href^='v' i], link[rel=import], link:not([rel=icon]), script:not([type='application/json'])").length`

// A sink is a place where something typed is shown. enter may give it something more; text is what
// the place shows, and of the texts at least least are there as they were typed.
type sink struct {
	name  string
	enter func(s *siege)
	text  string
	texts []string
	least int
}

func text(selector string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.textContent).join("\n")`, selector)
}

// look chooses a tab of the inspector and waits until it has answered.
func look(tab string) func(s *siege) {
	return func(s *siege) {
		s.click("#look-" + tab)
		s.until("an answer", `document.querySelectorAll("node-look [data-ref=tables] td").length > 0`)
	}
}

// typed gives a line to an input of the page, a text after the other, and counts those that a place
// then shows.
func typed(input, event, place string) func(s *siege) {
	return func(s *siege) {
		n := s.each(fmt.Sprintf(`const i = document.querySelector(%q); i.value = p; i.dispatchEvent(new Event("input", {bubbles: true})); %s; return document.querySelector(%q).textContent.includes(p.trim())`, input, event, place))
		require.GreaterOrEqual(s.t, n, len(worded())/2, place)
	}
}

func TestSEC09NothingThatIsTypedBecomesMarkup(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(scripts)+len(oddities), 60)
	all := sinks()
	require.GreaterOrEqual(t, len(all), 25)
	_, p, pg := openConsole(t)
	s := &siege{page: pg, t: t, p: p}
	s.before = ask[int](pg, census)
	besiege(t, p.ready.Nodes[1])
	names(t, p.ready.Nodes[1], worded())
	for _, k := range all {
		k.enter(s)
		if k.text != "" {
			s.until(k.name+" with text", "("+k.text+") !== ''")
			var missing []string // a place may fill by and by
			require.Eventually(t, func() bool {
				missing = pg.missing(k.text, k.texts)
				return len(k.texts)-len(missing) >= k.least
			}, pagePatience, 50*time.Millisecond, "%s is to show %d texts", k.name, k.least)
		}
		s.untouched(k.name)
	}
	pg.run(`document.querySelector("main").append(document.createElement("img"))`)
	require.Equal(t, s.before+1, ask[int](pg, census), "the census sees what should not be there")
}

// untouched requires that no payload has become a part of the page.
func (s *siege) untouched(where string) {
	s.t.Helper()
	require.Equal(s.t, "", ask[string](s.page, `document.documentElement.dataset.owned ?? ""`), where)
	require.Equal(s.t, s.before, ask[int](s.page, census), where)
	require.Equal(s.t, "Cluster Playground", ask[string](s.page, "document.title"), where)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, complaint := range s.complaints { // what the server refuses, Chromium calls an error
		require.Contains(s.t, complaint, "Failed to load resource: the server responded with a status of 4", where)
	}
}

// address opens the page at an address whose every parameter is a text.
func address(s *siege) {
	for _, some := range []string{scripts[1], scripts[12], strings.Join(scripts[:20], " ")} {
		q := url.Values{}
		for _, name := range []string{"view", "node", "as", "t", "lesson", "lang"} {
			q.Set(name, some)
		}
		s.do(chromedp.Navigate(s.p.ready.Console + "?" + q.Encode()))
		s.until("the lab", ok)
		s.untouched("address")
	}
	s.again()
}

// again loads the page anew.
func (s *siege) again() {
	s.do(chromedp.Navigate(s.p.ready.Console))
	s.until("the lab", ok)
}

// travel goes through addresses as Back does, with every text in every parameter and place.
func travel(s *siege) {
	s.each(`for (const view of ["stage", "slots", "metrics", "learn", p]) {
		history.replaceState(null, "", "?" + new URLSearchParams({view, node: p, as: p, t: p, lesson: p}));
		dispatchEvent(new PopStateEvent("popstate"));
	}`)
	s.again()
}

// lost opens addresses that lead nowhere.
func lost(s *siege) {
	for _, path := range []string{"/", "/api/", "/assets/", "/api/labs/main/actions/", "/api/lessons/"} {
		s.do(chromedp.Navigate(strings.TrimRight(s.p.ready.Console, "/") + path + url.PathEscape(scripts[12])))
		require.Zero(s.t, ask[int](s.page, `document.querySelectorAll("img, script").length`), path)
		require.NotContains(s.t, ask[string](s.page, "document.contentType"), "html", path)
	}
	s.again()
}
