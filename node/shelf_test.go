package node

import (
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheShelfHasRoomForLargeBuffersOnly(t *testing.T) {
	var s shelf
	require.Nil(t, s.take())
	require.False(t, s.put(make([]byte, largeReply-1)))
	require.False(t, s.put(make([]byte, keepSpare+1)))
	for i := range shelfRoom {
		require.True(t, s.put(make([]byte, largeReply+i)))
	}
	require.False(t, s.put(make([]byte, largeReply)), "it is full")
	last := s.take()
	require.Empty(t, last)
	require.Equal(t, largeReply+shelfRoom-1, cap(last), "the last is the one in the cache")
	s.sweep()
	require.NotNil(t, s.take(), "it was in use")
	s.sweep()
	s.sweep()
	require.Nil(t, s.take())
}

// TestABufferIsLentToWhoeverNeedsIt follows one buffer from the client that let it grow to the next.
func TestABufferIsLentToWhoeverNeedsIt(t *testing.T) {
	l := &life{}
	ours, theirs := net.Pipe()
	go func() { _, _ = io.Copy(io.Discard, theirs) }()
	defer theirs.Close()
	c := &client{life: l}
	c.box.init(l, newSocket(ours), &c.comfort)
	c.lend()
	c.Out = make([]byte, largeReply)
	grown := &c.Out[0]
	c.box.put(&c.Out, terms{})
	c.box.flush(true)
	require.Less(t, cap(c.Out), largeReply)

	next := &client{life: l}
	next.lend()
	require.Nil(t, next.Out, "one short reply needs none")
	next.batch.ends = []int{1, 2}
	next.lend()
	require.Same(t, grown, &next.Out[:1][0], "a pipeline does")
	c.much = true
	c.lend()
	require.Empty(t, l.shelf.free)
	require.True(t, l.shelf.put(next.Out))
	c.lend()
	require.Same(t, grown, &c.Out[:1][0], "and who was told much the last time")
}
