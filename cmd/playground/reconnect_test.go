package main_test

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// cable is a line between a browser and a console that can be cut: what runs over it ends in the
// middle, and nothing new comes through until it is mended.
type cable struct {
	Addr string

	mu   sync.Mutex
	cut  bool
	ends map[net.Conn]bool
}

// lay lays a cable to a console's address.
func lay(t *testing.T, to string) *cable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &cable{Addr: listener.Addr().String(), ends: map[net.Conn]bool{}}
	t.Cleanup(func() {
		_ = listener.Close()
		c.sever()
	})
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			go c.carry(near, to)
		}
	}()
	return c
}

// carry joins a connection of the browser with one of the console, both ways, until either ends.
func (c *cable) carry(near net.Conn, to string) {
	defer near.Close()
	far, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer far.Close()
	if !c.hold(near, far) {
		return
	}
	go func() {
		_, _ = io.Copy(far, near)
		_ = far.Close()
	}()
	_, _ = io.Copy(near, far)
}

// hold notes both ends, so that a cut finds them; false means that the cable is cut.
func (c *cable) hold(ends ...net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, end := range ends {
		c.ends[end] = true
	}
	return !c.cut
}

// sever cuts the cable.
func (c *cable) sever() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = true
	for end := range c.ends {
		_ = end.Close()
	}
	clear(c.ends)
}

// mend lets connections through again.
func (c *cable) mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = false
}

func TestABrowserThatWasCutOffMissesNothing(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	p := start(t)
	link, err := url.Parse(p.ready.Link)
	require.NoError(t, err)
	c := lay(t, link.Host)
	link.Host = c.Addr
	pg := b.open(link.String())
	pg.until("a healthy lab", ok)
	require.Zero(t, p.ctl("mark", "before the cut").code)
	pg.until("the mark", markedOnce("before the cut"))
	require.Equal(t, "kept", ask[string](pg, `window.memory = "kept"`))
	pg.clean()

	c.sever()
	pg.until("the loss", `document.querySelector("[data-ref=link]").innerText.includes("reconnecting")`)
	marks := []string{"meanwhile the first", "meanwhile the second", "meanwhile the third"}
	for _, mark := range marks {
		require.Zero(t, p.ctl("mark", mark).code)
	}
	require.NotContains(t, pg.text("story-list"), "meanwhile", "a cable that is cut carries nothing")

	c.mend()
	pg.until("the last mark", markedOnce(marks[2]))
	require.Zero(t, p.ctl("mark", "after the cut").code)
	pg.until("life", markedOnce("after the cut"))
	for _, mark := range append(slices.Clone(marks), "before the cut") {
		require.True(t, ask[bool](pg, markedOnce(mark)), "%s: once, neither missed nor twice", mark)
	}
	order := ask[[]string](pg, `[...document.querySelectorAll("story-list li .line")].map(l => l.innerText).filter(text => text.startsWith("meanwhile"))`)
	require.Equal(t, marks, order)
	require.Equal(t, "kept", ask[string](pg, "window.memory"), "the page has not been loaded again")
	require.False(t, ask[bool](pg, `document.querySelector("[data-ref=link]").innerText.includes("reconnecting")`))
}

// markedOnce is true when the story tells of a mark, and only once.
func markedOnce(text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("story-list li .line")].filter(l => l.innerText === "%s").length === 1`, text)
}
