package world

import "clusterplay/node/resp"

// streamParser cuts the bytes that a node sends to another node's client port into commands.
type streamParser struct {
	parser resp.Parser
	queued int // bytes fed and not yet consumed
}

func (p *streamParser) add(data []byte) {
	p.parser.Feed(data)
	p.queued += len(data)
}

// next is the next whole command; an empty one is an empty line.
func (p *streamParser) next() (args [][]byte, ok bool) {
	args, consumed, err := p.parser.Next()
	p.queued -= consumed
	if err != nil || consumed == 0 {
		return nil, false
	}
	return args, true
}

// waiting reports whether bytes remain that may hold a command.
func (p *streamParser) waiting() bool { return p.queued > 0 }
