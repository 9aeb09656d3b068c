package world

import "clusterplay/node/resp"

// streamParser cuts the bytes that a node sends to another node's client port into commands.
type streamParser struct{ parser resp.Parser }

func (p *streamParser) add(data []byte) { p.parser.Feed(data) }

// next is the next whole command; an empty one is an empty line.
func (p *streamParser) next() (args [][]byte, ok bool) {
	args, raw, err := p.parser.Next()
	return args, err == nil && len(raw) > 0
}

// waiting reports whether bytes remain that may hold a command.
func (p *streamParser) waiting() bool { return p.parser.Buffered() > 0 }
