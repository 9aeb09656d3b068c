package main_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

const (
	tables   = `document.querySelector("node-look [data-ref=tables]").textContent`
	terminal = `document.querySelector("redis-term").text()`
	brings   = `const i = document.querySelector("lesson-panel input[type=file]"), d = new DataTransfer(); d.items.add(new File([TEXT], NAME)); i.files = d.files; i.dispatchEvent(new Event("change"));`
	refused  = `document.querySelector("lesson-panel [data-ref=answer]").textContent`
	// marking marks the moment with a text, as the page itself would.
	marking = `return (await fetch("/api/labs/main/actions/mark", {method: "POST", headers: {"X-Playground": "1", "Content-Type": "application/json"}, body: JSON.stringify({text: p})})).ok`
)

func nothing(*siege) {}

// sinks are the places of the console that show what somebody typed.
func sinks() []sink {
	return slices.Concat(nodeSinks(), storySinks(), typedSinks(), lessonSinks(), []sink{
		{"address", address, "", nil, 0}, {"addresses gone back to", travel, "", nil, 0}, {"addresses that lead nowhere", lost, "", nil, 0},
		{"title of the document", nothing, "document.title", []string{"Cluster Playground"}, 1},
	})
}

// nodeSinks are what the nodes tell.
func nodeSinks() []sink {
	all := len(scripts)
	return []sink{
		{"inspector: keys", func(s *siege) { s.choose(s.p.node(1)); look("keys")(s) }, tables, scripts, all},
		{"inspector: keys nobody sees", nothing, tables, readable(prefixed(oddities)), len(oddities)},
		{"inspector: search", func(s *siege) {
			typed("node-look [data-ref=find]", "", "node-look [data-ref=tables]")(s)
			s.run(`const i = document.querySelector("node-look [data-ref=find]"); i.value = ""; i.dispatchEvent(new Event("input"))`)
		}, "", nil, 0},
		{"inspector: clients", look("clients"), tables, worded(), len(worded())},
		{"inspector: settings", look("config"), tables, scripts, all},
		{"inspector: who was slow", look("slowlog"), tables, worded(), min(32, len(worded()))},
		{"inspector: errors in INFO", look("info"), "", nil, 0},
		{"terminal: values", func(s *siege) {
			s.line("LRANGE {user:1} 0 -1")
			s.shows("constructor")
		}, terminal, scripts, 1},
		{"terminal: an error with what was typed", func(s *siege) { s.line("<b>x</b>"); s.shows("unknown command '<b>x</b>'") }, terminal, []string{"<b>x</b>"}, 1},
		{"map: keys of a slot", func(s *siege) {
			s.click(`[data-do="place-slots"]`)
			s.until("the map, which comes when it is first shown", `customElements.get("slot-finder") !== undefined`)
			s.run(`const i = document.querySelector("slot-finder [data-ref=key]"); i.value = "user:1"; i.dispatchEvent(new Event("input"))`)
			s.until("the keys", `document.querySelectorAll("slot-card [data-ref=holders] li li").length > 0`)
		}, text("slot-card [data-ref=holders]"), scripts, 1},
		{"map: a key to be found", typed("slot-finder [data-ref=key]", "", "slot-finder [data-ref=hashed]"), text("slot-finder [data-ref=hashed]"), scripts, 1},
		{"map: the command for a key", typed("slot-finder [data-ref=key]", "", "slot-finder [data-ref=command]"), text("slot-finder [data-ref=command]"), scripts, 1},
	}
}

// prefixed are the keys that hold texts.
func prefixed(texts []string) []string {
	var out []string
	for _, text := range texts {
		out = append(out, "{user:1}"+text)
	}
	return out
}

// storySinks are what the lab tells.
func storySinks() []sink {
	all := len(scripts)
	return []sink{
		{"story: marks", func(s *siege) {
			require.Equal(s.t, all, s.each(marking), "marks taken")
			s.until("the last mark", `[...document.querySelectorAll("story-list li .line")].some((l) => l.textContent === "constructor")`)
		}, text("story-list .line"), scripts, all / 2},
		{"story: captions", nothing, `[...document.querySelectorAll("story-list li")].map(l => l.title).join("\n")`, scripts, all / 2},
		{"caption bar", func(s *siege) {
			s.until("a mark's sentence", `document.querySelector("caption-bar [data-ref=sentence]").textContent.includes("constructor")`)
		}, text("caption-bar [data-ref=sentence]"), scripts, 1},
		{"time line: flags", func(s *siege) {
			s.run(`window.tips = ""; const t = document.querySelector("time-line [data-ref=track]"), b = t.getBoundingClientRect();
				for (let x = 0; x < b.width; x += 3) { t.dispatchEvent(new PointerEvent("pointermove", {bubbles: true, clientX: b.left + x, clientY: b.top + 8})); tips += document.querySelector("time-line [data-ref=tip]").textContent; }`)
		}, "window.tips", scripts, 1},
		{"story: after a reload", (*siege).again, text("story-list .line"), scripts, all / 2},
		{"the page as the server writes it", func(s *siege) {
			s.run(`window.source = ""; fetch("/").then(r => r.text()).then(x => (window.source = x))`)
			s.until("the page", "window.source")
			require.NotContains(s.t, ask[string](s.page, "window.source"), "dataset.owned")
		}, "", nil, 0},
	}
}

// typedSinks are what the page itself is told.
func typedSinks() []sink {
	open := func(s *siege) {
		s.run(`document.querySelector("command-palette").open()`)
		s.until("the verbs", `document.querySelectorAll("command-palette li").length > 5`)
	}
	const submit = `document.querySelector("command-palette form").requestSubmit()`
	return []sink{
		{"palette: no such verb", func(s *siege) {
			open(s)
			typed("command-palette [data-ref=command]", submit, "command-palette [data-ref=refusal]")(s)
		}, "", nil, 0},
		{"palette: no such panel", func(s *siege) {
			n := s.each(`document.querySelector("command-palette [data-ref=command]").value = "show " + p.replaceAll(" ", "/");` + submit + `; return document.querySelector("command-palette [data-ref=refusal]").textContent.includes(p.replaceAll(" ", "/"))`)
			require.GreaterOrEqual(s.t, n, len(scripts)-2)
		}, "", nil, 0},
		{"palette: a refusal of the lab", func(s *siege) {
			s.run(`document.querySelector("command-palette [data-ref=command]").value = "kill <b>x</b>";` + submit)
			s.until("the refusal", `document.querySelector("command-palette [data-ref=refusal]").textContent.includes("<b>x</b>")`)
			s.run(`document.querySelector("#palette").close()`)
		}, text("command-palette [data-ref=refusal]"), []string{"<b>x</b>"}, 1},
		{"caption bar: the last command", nothing, text("caption-bar [data-ref=command]"), []string{"<b>x</b>"}, 1},
		{"caption bar: its refusal", nothing, text("caption-bar [data-ref=answer]"), []string{"<b>x</b>"}, 1},
	}
}

// lessonSinks are what a lesson of one's own tells, and a file that is none.
func lessonSinks() []sink {
	var out []sink
	for i, some := range slices.Collect(slices.Chunk(scripts, 22)) {
		name := fmt.Sprintf("lesson %d: ", i)
		at := func(what, selector string) sink {
			return sink{name + what, nothing, text("lesson-panel " + selector), some, len(some)}
		}
		out = append(out, sink{name + "title", func(s *siege) { s.bringText(fmt.Sprintf("hostile-%d", i), some) }, text("lesson-panel [data-ref=title]"), some, 1},
			at("headings", ".prose h2"), at("code", ".prose p code"), at("links", ".prose a"), at("alerts", ".prose aside"), at("tables", ".prose td, .prose th"), at("lists", ".prose li"),
			at("blocks of code", ".prose pre"), typedAs(at("commands", ".fence[data-kind=redis] .input")), at("expected answers", ".fence[data-kind=redis] pre"),
			at("questions", ".quiz legend"), at("choices", ".quiz .choice"), at("reasons", ".quiz .why"), typedAs(at("captions", ".fence[data-kind=play] pre")), sink{name + "comments", nothing, text("lesson-panel .fence[data-kind=play] .comment"), some, 1})
	}
	return append(out, sink{"shelf", func(s *siege) {
		s.click("lesson-panel [data-ref=back]")
		s.until("the shelf", `document.querySelector("lesson-panel .lessons")`)
	}, text("lesson-panel .lessons"), scripts, 4}, sink{"file names", func(s *siege) {
		n := s.each(bringing("p", "'x'") + `
			const a = document.querySelector("lesson-panel [data-ref=answer]"), reading = a.textContent;
			while (a.textContent === reading) await new Promise(requestAnimationFrame);
			return reading.includes(p)`)
		require.GreaterOrEqual(s.t, n, len(scripts)/2)
	}, "", nil, 0}, sink{"a lesson that cannot be read", func(s *siege) {
		s.run(bringing("'x.en.md'", "'---\\nid: "+`<img src=x onerror=1>`+"\\nlevel: 1\\n---\\n# x\\n'"))
		s.until("the refusal", refused+`.includes("<img src=x onerror=1>")`)
	}, refused, []string{"<img src=x onerror=1>"}, 1})
}

// bringing is the script that gives the page a file.
func bringing(name, content string) string {
	return strings.NewReplacer("NAME", name, "TEXT", content).Replace(brings)
}

// bringText gives the page a hostile lesson and opens its shelf before.
func (s *siege) bringText(id string, texts []string) {
	s.do(chromedp.Navigate(s.p.ready.Console + "?view=learn"))
	s.until("the shelf", `document.querySelector("lesson-panel .lessons")`)
	source, err := json.Marshal(hostile(id, texts))
	require.NoError(s.t, err)
	s.run(bringing(fmt.Sprintf("'%s.en.md'", id), string(source)))
	s.until("the lesson", `document.querySelector("lesson-panel .fence") || `+refused+`.includes(".md:")`)
	require.Empty(s.t, ask[string](s.page, refused))
}

// typedAs is a sink that shows texts in the quotes in which they were typed.
func typedAs(k sink) sink {
	k.texts = slices.Clone(k.texts)
	for i, text := range k.texts {
		k.texts[i] = quoted(text)
	}
	return k
}
