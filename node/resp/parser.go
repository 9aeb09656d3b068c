package resp

// Parser reads the stream of commands a master sends to its replica and tells to the byte how
// much of it each command took. The zero Parser is ready.
type Parser struct {
	guard Guard
	words [][]byte
}

// Feed adds bytes of the stream; they are copied. What Next returned before is no longer valid.
func (p *Parser) Feed(b []byte) {
	p.guard.Master = true
	p.guard.Feed(b)
}

// Next returns the next command and the exact bytes it came in, whose number is what the
// replication offset moves by. raw is empty when more bytes are needed; args are empty when the
// bytes count but say nothing (an empty line). Both are valid until Feed.
func (p *Parser) Next() (args [][]byte, raw []byte, err error) {
	g := &p.guard
	g.Master = true
	before := g.start
	p.words, _, err = g.Next(p.words[:0])
	return p.words, g.buf[before:g.start:g.start], err
}

// Buffered is the number of bytes fed and not yet returned.
func (p *Parser) Buffered() int { return p.guard.Buffered() }

// Reset forgets everything, for a new stream.
func (p *Parser) Reset() { *p = Parser{} }
