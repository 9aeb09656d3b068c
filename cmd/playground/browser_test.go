package main_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"clusterplay/assets"
)

// pagePatience bounds what a page takes for anything in these tests. It is no goal: a failover with a
// node timeout of a second takes about three, on a computer that does ten things at once ten times that.
const pagePatience = 2 * time.Minute

// shownText bounds what a failed test repeats of a page.
const shownText = 2000

// chromium is the one Chromium of these tests, without a window. Starting it costs more than most tests
// do with it.
type chromium struct {
	mu     sync.Mutex
	ctx    context.Context // of the browser that runs
	cancel context.CancelFunc
}

var theChromium chromium

// up starts the browser, or another one when it has ended.
func (c *chromium) up(program string) (context.Context, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx != nil && chromedp.Do(c.ctx, chromedp.Evaluate[chromedp.Void]("void 0")) == nil {
		return c.ctx, nil
	}
	c.end()
	dir, err := os.MkdirTemp(scratch, "chromium-")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.UserDataDir(dir), chromedp.NoSandbox, chromedp.WindowSize(1440, 900),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("force-device-scale-factor", "1"),
	)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(ctx)
	c.ctx, c.cancel = ctx, func() { cancel(); stop() }
	return ctx, chromedp.Do(ctx)
}

// end ends the browser if there is one.
func (c *chromium) end() {
	if c.cancel != nil {
		c.cancel()
		c.ctx, c.cancel = nil, nil
	}
}

// browser is a part of the Chromium that shares nothing with those of other tests: no cookie, no storage.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// openBrowser gives a test a browser, or skips the test where there is none.
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
	shared, err := theChromium.up(path)
	require.NoError(t, err)
	ctx, cancel := chromedp.NewContext(shared, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx))
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
	return b.tab(address)
}

// openApart shows an address in a tab that shares no cookies with the others.
func (b *browser) openApart(address string) *page {
	b.t.Helper()
	return b.tab(address, chromedp.WithNewBrowserContext())
}

func (b *browser) tab(address string, options ...chromedp.ContextOption) *page {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, options...)
	b.t.Cleanup(cancel)
	p := &page{t: b.t, ctx: ctx}
	require.NoError(b.t, chromedp.Do(ctx)) // opens the tab; its life must not be that of a patience
	messages := chromedp.Console(ctx)
	go p.hear(messages)
	p.do(chromedp.Navigate(address))
	return p
}

// hear notes the console's complaints until the tab closes.
func (p *page) hear(messages iter.Seq2[chromedp.ConsoleMessage, error]) {
	for m, err := range messages {
		if err != nil {
			return
		}
		if m.IsException() || m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning {
			p.mu.Lock()
			p.complaints = append(p.complaints, fmt.Sprintf("%s %s %s", m.Source, m.Text, m.URL))
			p.mu.Unlock()
		}
	}
}

// clean requires that the browser has complained of nothing.
func (p *page) clean() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	require.Empty(p.t, p.complaints)
}

// forgive takes complaints back that a test has caused on purpose: Chromium notes every refusal of
// the server as an error.
func (p *page) forgive(said string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complaints = slices.DeleteFunc(p.complaints, func(c string) bool { return strings.Contains(c, said) })
}

// do carries out browser actions within the patience.
func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, pagePatience)
	defer cancel()
	require.NoError(p.t, chromedp.Do(ctx, steps...))
}

// ask evaluates a JavaScript expression.
func ask[T any](p *page, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, pagePatience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	require.NoError(p.t, err, expression)
	return value
}

// until waits until a JavaScript expression is true.
func (p *page) until(what, expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, pagePatience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool]("!!("+expression+")", chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(0)))
	if err != nil {
		p.shoot(os.TempDir() + "/playground-failed.png")
		said := p.text("body")
		require.NoError(p.t, err, "waiting for %s; the page says:\n%s", what, said[:min(len(said), shownText)])
	}
}

// text is what an element says.
func (p *page) text(selector string) string {
	p.t.Helper()
	return strings.TrimSpace(ask[string](p, fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector)))
}

// click clicks the first element that fits a selector.
func (p *page) click(selector string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(selector)))
}

// shoot writes a picture of the page.
func (p *page) shoot(path string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, pagePatience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	require.NoError(p.t, err)
	require.NoError(p.t, os.WriteFile(path, png, 0o644))
}
