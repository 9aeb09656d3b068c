package pubsub

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
)

// ear is a client that only listens.
type ear struct {
	listener Listener
	w        resp.Writer
}

func (e *ear) Listens() *Listener { return &e.listener }

// heard returns what was written to the client since it was last asked, a bar for a line's end.
func (e *ear) heard() string {
	text := strings.ReplaceAll(string(e.w.Buf), "\r\n", "|")
	e.w.Buf = nil
	return text
}

func words(list ...string) [][]byte {
	out := make([][]byte, len(list))
	for i, w := range list {
		out[i] = []byte(w)
	}
	return out
}

func newHub() Hub[*ear] { return New(func(e *ear) *resp.Writer { return &e.w }) }

func TestAMessageGoesToTheChannelAndThenToThePatternsByAge(t *testing.T) {
	h := newHub()
	var a, b ear
	b.w.Proto = 3
	h.PSubscribe(&b, words("+s*"))
	h.Subscribe(&a, words("+switch-master", "+sdown", "+sdown"))
	h.PSubscribe(&a, words("*"))
	require.Equal(t, ">3|$10|psubscribe|$3|+s*|:1|", b.heard())
	require.Equal(t, "*3|$9|subscribe|$14|+switch-master|:1|*3|$9|subscribe|$6|+sdown|:2|*3|$9|subscribe|$6|+sdown|:2|*3|$10|psubscribe|$1|*|:3|", a.heard())
	require.Equal(t, 3, h.Publish([]byte("+sdown"), []byte("m")))
	require.Equal(t, "*3|$7|message|$6|+sdown|$1|m|*4|$8|pmessage|$1|*|$6|+sdown|$1|m|", a.heard())
	require.Equal(t, ">4|$8|pmessage|$3|+s*|$6|+sdown|$1|m|", b.heard())
	require.Equal(t, []string{"+sdown", "+switch-master"}, h.ChannelsLike(nil))
	require.Equal(t, 2, h.Patterns())
}

func TestWhoLeavesAllIsToldOfEachAndThenOfNone(t *testing.T) {
	h := newHub()
	var a ear
	h.Subscribe(&a, words("b", "a"))
	a.heard()
	h.Unsubscribe(&a, nil)
	require.Equal(t, "*3|$11|unsubscribe|$1|b|:1|*3|$11|unsubscribe|$1|a|:0|", a.heard())
	h.Unsubscribe(&a, nil)
	require.Equal(t, "*3|$11|unsubscribe|$-1|:0|", a.heard())
	require.False(t, a.listener.Any())
	require.Zero(t, h.Channels())
}

func TestAClientThatIsGoneHearsNothing(t *testing.T) {
	h := newHub()
	var a, b ear
	for _, e := range []*ear{&a, &b} {
		h.Subscribe(e, words("c"))
		h.PSubscribe(e, words("c*"))
		h.SSubscribe(e, words("c"))
		e.heard()
	}
	h.Forget(&a)
	require.Equal(t, 2, h.Publish([]byte("c"), nil))
	require.Equal(t, 1, h.PublishShard([]byte("c"), nil))
	require.Empty(t, a.heard())
	h.DropShard(func(channel string) bool { return channel == "c" })
	require.Contains(t, b.heard(), "sunsubscribe")
	require.Zero(t, h.ShardListeners([]byte("c")))
}
