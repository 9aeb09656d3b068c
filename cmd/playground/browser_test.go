package main_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"clusterplay/assets"
)

// pagePatience bounds what a page takes for anything in these tests: a failover with a node
// timeout of a second takes about three.
const pagePatience = 30 * time.Second

// browser is a Chromium without a window.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// openBrowser starts Chromium, or skips the test where there is none.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		path, err = exec.LookPath("google-chrome")
	}
	if err != nil {
		t.Skip("chromium is not installed")
	}
	if !assets.Built() {
		t.Skip("the front end was not built: make assets")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.WindowSize(1440, 900),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("force-device-scale-factor", "1"),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Run(ctx))
	return &browser{t, ctx}
}

// page is one tab with the console in it. It remembers every complaint of the browser: errors of
// scripts, of loading, and of the content policy.
type page struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

// open shows an address in a new tab.
func (b *browser) open(address string) *page {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	b.t.Cleanup(cancel)
	p := &page{t: b.t, ctx: ctx}
	chromedp.ListenTarget(ctx, p.listen)
	p.do(log.Enable(), runtime.Enable(), chromedp.Navigate(address))
	return p
}

func (p *page) listen(event any) {
	text := ""
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			text = fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Error()
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			text = "console." + string(e.Type)
		}
	}
	if text != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.complaints = append(p.complaints, text)
	}
}

// clean requires that the browser has complained of nothing.
func (p *page) clean() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	require.Empty(p.t, p.complaints)
}

// do carries out browser actions within the patience.
func (p *page) do(actions ...chromedp.Action) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, pagePatience)
	defer cancel()
	// The first Run of a tab must not see the deadline: its context's end would close the tab.
	if chromedp.FromContext(p.ctx).Target == nil {
		require.NoError(p.t, chromedp.Run(p.ctx, actions...))
		return
	}
	require.NoError(p.t, chromedp.Run(ctx, actions...))
}

// until waits until a JavaScript expression is true.
func (p *page) until(what, expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, pagePatience)
	defer cancel()
	err := chromedp.Run(ctx, chromedp.Poll("!!("+expression+")", nil, chromedp.WithPollingInterval(50*time.Millisecond)))
	if err != nil {
		p.shoot(os.TempDir() + "/playground-failed.png")
		require.NoError(p.t, err, "waiting for %s; the page says:\n%s", what, p.text("body"))
	}
}

// text is what an element says.
func (p *page) text(selector string) string {
	p.t.Helper()
	var text string
	p.do(chromedp.Evaluate(fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector), &text))
	return strings.TrimSpace(text)
}

// click clicks the first element that fits a selector.
func (p *page) click(selector string) {
	p.t.Helper()
	p.do(chromedp.WaitVisible(selector, chromedp.ByQuery), chromedp.Click(selector, chromedp.ByQuery))
}

// shoot writes a picture of the page.
func (p *page) shoot(path string) {
	p.t.Helper()
	var png []byte
	p.do(chromedp.CaptureScreenshot(&png))
	require.NoError(p.t, os.WriteFile(path, png, 0o644))
}
