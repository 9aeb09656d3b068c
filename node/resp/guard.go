package resp

import (
	"bytes"
	"errors"

	"github.com/tidwall/redcon"
)

// Guard turns the bytes a client sends into commands. Every header is validated the moment its
// line is complete and before anything after it is looked at, so a hostile length never reaches
// redcon's parser, an index or an allocation. The zero Guard is ready and has default limits.
//
//	read(conn, g.Room()) -> g.Received(n) -> g.Next() until it has no more -> g.Release()
//
// A command is taken from the positions the guard has just checked. One that arrived in pieces
// is known to be whole and sound by the time its words are wanted; redcon cuts it.
type Guard struct {
	Limits   Limits
	Stranger bool // the client has given no password yet: the narrow limits hold
	Master   bool // the far end is our master, which never types lines

	buf   []byte
	own   []byte // what buf was before one was lent
	start int    // first byte of the command being read
	half  half
}

// half is how far the command at start has been checked.
type half struct {
	pos   int  // relative to start; 0 is nothing
	count int  // words announced
	left  int  // words not yet complete
	size  int  // length of the word being waited for, or noSize
	loose bool // a line or word does not end in CR LF: Redis accepts it, redcon does not
}

const noSize = -1

// ProtocolError is a request that cannot be understood. Its text is the reply, and the
// connection is closed after it.
type ProtocolError string

// Error is the reply's text.
func (e ProtocolError) Error() string { return string(e) }

// ErrBufferFull says that a client sent more than Limits.MaxBuffer without letting us execute
// it. Redis closes such a connection without a word.
var ErrBufferFull = errors.New("query buffer limit reached")

// verdict is what the guard found at the start of its buffer.
type verdict uint8

const (
	needMore verdict = iota
	isCommand
	isNothing // consumed, and nothing to execute: *0, a line of spaces
)

// Next appends the words of the next whole command to dst. ok is false when more bytes are
// needed. A command without words is an empty line, which Redis counts as a sign of life. The
// words lie in the guard's buffer and are valid until Release or Feed.
func (g *Guard) Next(dst [][]byte) (words [][]byte, ok bool, err error) {
	if g.half.pos == 0 && g.start < len(g.buf) && g.buf[g.start] == '*' && !g.Stranger {
		if words, ok = g.quick(dst, g.limits()); ok {
			return words, true, nil
		}
	}
	found := isNothing
	for found == isNothing && g.start < len(g.buf) {
		if g.buf[g.start] == '*' {
			dst, found, err = g.multibulk(dst)
		} else {
			dst, found, err = g.inline(dst)
		}
		if err != nil {
			return dst, false, err
		}
	}
	if found != isCommand && len(g.buf)-g.start > g.limits().MaxBuffer {
		return dst, false, ErrBufferFull
	}
	return dst, found == isCommand, nil
}

// multibulk continues with the command *<words> at start (processMultibulkBuffer).
func (g *Guard) multibulk(dst [][]byte) ([][]byte, verdict, error) {
	h, b, limits := &g.half, g.buf[g.start:], g.limits()
	inOneGo := h.pos == 0
	if inOneGo {
		if found, err := g.countLine(b, limits); found != isCommand {
			return dst, found, err
		}
		dst = reserve(dst, min(h.count, len(b)/minWord+1))
	}
	mark := len(dst)
	for h.left > 0 {
		if h.size == noSize {
			if more, err := g.sizeLine(b, limits); more || err != nil {
				return dst[:mark], needMore, err
			}
		}
		end := h.pos + h.size
		if len(b) < end+2 {
			return dst[:mark], needMore, nil
		}
		if inOneGo {
			dst = append(dst, b[h.pos:end:end])
		}
		h.loose = h.loose || b[end] != '\r' || b[end+1] != '\n'
		h.pos, h.size, h.left = end+2, noSize, h.left-1
	}
	if !inOneGo {
		dst = h.words(dst, b[:h.pos])
	}
	g.consume(h.pos)
	return dst, isCommand, nil
}

// minWord is the shortest a word can be on the wire: $0 CR LF CR LF.
const minWord = 6

// countLine reads "*<count>".
func (g *Guard) countLine(b []byte, limits *Limits) (verdict, error) {
	n, used, ok := headerLine(b, limits.MaxInline)
	switch {
	case used == 0:
		return needMore, nil
	case used < 0:
		return needMore, ProtocolError(ErrBigMultibulk)
	case !ok || n > int64(limits.MaxArgs):
		return needMore, ProtocolError(ErrMultibulkLength)
	case n > StrangerMaxArgs && g.Stranger:
		return needMore, ProtocolError(ErrUnauthMultibulk)
	case n <= 0:
		g.consume(used)
		return isNothing, nil
	}
	g.half = half{pos: used, count: int(n), left: int(n), size: noSize, loose: b[used-1] != '\n'}
	return isCommand, nil
}

// sizeLine reads the "$<size>" of the next word.
func (g *Guard) sizeLine(b []byte, limits *Limits) (more bool, err error) {
	h := &g.half
	b = b[h.pos:]
	n, used, ok := headerLine(b, limits.MaxInline)
	switch {
	case used == 0:
		return true, nil
	case used < 0:
		return false, ProtocolError(ErrBigBulk)
	case b[0] != '$':
		return false, ProtocolError(ExpectedBulk(b[0]))
	case !ok || n < 0 || n > int64(limits.MaxBulk):
		return false, ProtocolError(ErrBulkLength)
	case n > StrangerMaxBulk && g.Stranger:
		return false, ProtocolError(ErrUnauthBulk)
	}
	h.pos, h.size, h.loose = h.pos+used, int(n), h.loose || b[used-1] != '\n'
	return false, nil
}

// words cuts a frame that has been checked from end to end.
func (h *half) words(dst [][]byte, frame []byte) [][]byte {
	if !h.loose {
		_, words, _, _, _ := redcon.ReadNextCommand(frame, make([][]byte, 0, h.count))
		return append(reserve(dst, h.count), words...)
	}
	dst = reserve(dst, h.count)
	_, pos, _ := headerLine(frame, len(frame))
	for range h.count {
		n, used, _ := headerLine(frame[pos:], len(frame))
		pos += used
		dst = append(dst, frame[pos:pos+int(n)])
		pos += int(n) + 2
	}
	return dst
}

// inline reads a command typed as a line (processInlineBuffer).
func (g *Guard) inline(dst [][]byte) ([][]byte, verdict, error) {
	b, limit := g.buf[g.start:], g.limits().MaxInline
	end := endOfLine(b[:min(len(b), limit+1)], '\n')
	if end < 0 {
		if len(b) > limit {
			return dst, needMore, ProtocolError(ErrBigInline)
		}
		return dst, needMore, nil
	}
	g.consume(end + 1)
	line := bytes.TrimSuffix(b[:end], []byte{'\r'})
	if len(line) == 0 {
		return dst, isCommand, nil
	}
	if g.Master {
		return dst, needMore, ProtocolError(ErrMasterInline)
	}
	words, ok := SplitLine(dst, line)
	switch {
	case !ok:
		return dst, needMore, ProtocolError(ErrUnbalancedQuotes)
	case len(words) == len(dst):
		return dst, isNothing, nil
	}
	return words, isCommand, nil
}

// consume moves past n bytes.
func (g *Guard) consume(n int) {
	g.start += n
	g.half = half{}
}

// limits are those in force; the first look fills in the defaults.
func (g *Guard) limits() *Limits {
	if l := &g.Limits; l.MaxArgs == 0 || l.MaxBulk == 0 || l.MaxInline == 0 || l.MaxBuffer == 0 {
		*l = l.WithDefaults()
	}
	return &g.Limits
}

// reserve makes room for n more words in one step.
func reserve(dst [][]byte, n int) [][]byte {
	if cap(dst)-len(dst) >= n {
		return dst
	}
	grown := make([][]byte, len(dst), max(len(dst)+n, min(2*cap(dst), len(dst)+n+maxSpareWords)))
	copy(grown, dst)
	return grown
}

// maxSpareWords bounds what reserve adds for later commands, so that memory stays in proportion.
const maxSpareWords = 1024
