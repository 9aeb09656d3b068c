package node

import (
	"bytes"
	"errors"

	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// batch is the commands that arrived together and are executed under one lock.
type batch struct {
	words  [][]byte
	ends   []int      // where in words each command ends
	ahead  [][][]byte // what coming returns
	done   int        // commands executed
	err    error      // why nothing follows them
	silent bool       // the connection is closed without another byte
}

const (
	// maxBatch bounds how long one client keeps the node's lock: about a millisecond.
	maxBatch = 1024
	// keepWords is how many words a quiet connection keeps room for.
	keepWords = 4096
)

// errBrowser is a web page that tries to speak to us: a line of HTTP was taken for a command.
var errBrowser = errors.New("HTTP is not spoken here")

// fill takes the next commands, once those it has are done. The words of a stranger are taken
// one command at a time: AUTH may be among them.
func (b *batch) fill(g *resp.Guard) {
	if b.more() || b.err != nil {
		return
	}
	if cap(b.words) > keepWords {
		b.words = nil
	}
	g.Release()
	b.words, b.ends, b.done = b.words[:0], b.ends[:0], 0
	for limit := maxBatch; len(b.ends) < limit; {
		if g.Stranger {
			limit = 1
		}
		words, ok, err := g.Next(b.words)
		if b.err = err; err != nil || !ok {
			return
		}
		if command := words[len(b.words):]; len(command) > 0 && fromBrowser(command[0]) {
			b.err = errBrowser
			return
		}
		b.words, b.ends = words, append(b.ends, len(words))
	}
}

// fromBrowser recognises what only HTTP sends (securityWarningCommand).
func fromBrowser(name []byte) bool {
	return len(name) == 4 && bytes.EqualFold(name, []byte("post")) ||
		len(name) == 5 && bytes.EqualFold(name, []byte("host:"))
}

// drop forgets the commands that were not executed.
func (b *batch) drop() { b.done, b.err = len(b.ends), nil }

// left is how many commands wait to be executed.
func (b *batch) left() int { return len(b.ends) - b.done }

// more reports whether a command waits to be executed.
func (b *batch) more() bool { return b.left() > 0 }

// idle reports whether there is nothing to do.
func (b *batch) idle() bool { return !b.more() && b.err == nil }

// next returns the next command.
func (b *batch) next() [][]byte {
	start := 0
	if b.done > 0 {
		start = b.ends[b.done-1]
	}
	end := b.ends[b.done]
	b.done++
	return b.words[start:end:end]
}

// warmGroup is how many commands are shown ahead: what they need fits into the nearest cache.
const warmGroup = 32

// coming returns the next commands, a group at most.
func (b *batch) coming() [][][]byte {
	b.ahead = b.ahead[:0]
	start := 0
	if b.done > 0 {
		start = b.ends[b.done-1]
	}
	for _, end := range b.ends[b.done:min(len(b.ends), b.done+warmGroup)] {
		b.ahead = append(b.ahead, b.words[start:end:end])
		start = end
	}
	return b.ahead
}

// ending closes the connection if its input broke the protocol: with an error when it was a
// client's mistake, without a word when it was a browser or a flood.
func (b *batch) ending(c *machine.Client) {
	if b.err == nil {
		return
	}
	c.Closing = true
	var mistake resp.ProtocolError
	if !errors.As(b.err, &mistake) {
		b.silent, c.Out = true, nil
		return
	}
	w := resp.Writer{Buf: c.Out}
	w.Error(mistake.Error())
	c.Out = w.Buf
}
