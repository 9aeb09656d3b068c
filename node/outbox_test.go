package node

import (
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLastWordsWaitForWhoeverWrites closes a connection while another goroutine still writes an earlier
// answer to it.
func TestLastWordsWaitForWhoeverWrites(t *testing.T) {
	ours, theirs := net.Pipe()
	var o outbox
	o.init(nil, newSocket(ours), &comfort{})
	heard := make(chan string)
	go func() {
		b, _ := io.ReadAll(theirs)
		heard <- string(b)
	}()
	first, last := []byte("first "), []byte("last")
	o.put(&first, terms{})
	buf, gate, ok := o.take(false)
	require.True(t, ok)
	o.put(&last, terms{})
	closed := make(chan struct{})
	go func() {
		o.flushLast()
		o.abort()
		close(closed)
	}()
	err := o.write(buf, gate)
	o.wrote(buf, err)
	<-closed
	require.Equal(t, "first last", <-heard)
}
