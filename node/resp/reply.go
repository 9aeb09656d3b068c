package resp

import (
	"bytes"
	"errors"
)

// What a reply may be. Replies come from servers, ours or foreign ones, and are bounded all the
// same: a broken peer must not exhaust us.
const (
	// MaxReplyDepth is deeper than any command's reply; COMMAND DOCS reaches 8.
	MaxReplyDepth = 64
	// MaxReplyElements bounds the sum of all announced elements of one reply: KEYS of a few
	// million keys passes.
	MaxReplyElements = 1 << 24
	// maxReplyLine bounds a line without a length, such as an error.
	maxReplyLine = 1 << 20
)

// ErrBadReply says that bytes are no reply in RESP2 or RESP3.
var ErrBadReply = errors.New("malformed reply")

// ReadReply reads one reply from the beginning of b. n is its length, 0 when b does not hold all
// of it yet. Text is copied out of b.
func ReadReply(b []byte) (v Value, n int, err error) {
	var s replyScan
	if done, err := s.advance(b); !done || err != nil {
		return Value{}, 0, err
	}
	r := replyReader{b: b[:s.pos]}
	v, err = r.value(0)
	return v, s.pos, err
}

// Replies reads replies from a stream that arrives in pieces; its work grows with the bytes, not
// with the pieces. The zero Replies is ready.
type Replies struct {
	buf  []byte
	scan replyScan
}

// Feed adds bytes; they are copied.
func (r *Replies) Feed(b []byte) { r.buf = append(r.buf, b...) }

// Next returns the next whole reply and its length; n is 0 when more bytes are needed.
func (r *Replies) Next() (v Value, n int, err error) {
	done, err := r.scan.advance(r.buf)
	if !done || err != nil {
		return Value{}, 0, err
	}
	n = r.scan.pos
	v, err = (&replyReader{b: r.buf[:n]}).value(0)
	r.buf, r.scan = r.buf[n:], replyScan{}
	if len(r.buf) == 0 {
		r.buf = nil
	}
	return v, n, err
}

// Buffered is the number of bytes fed and not yet returned.
func (r *Replies) Buffered() int { return len(r.buf) }

// replyScan finds the end of a reply. It remembers where it was, so that bytes are seen once.
type replyScan struct {
	pos     int
	need    int // values still to come; meaningful once begun
	begun   bool
	claimed int // elements announced so far
}

// advance scans on and reports whether the reply is complete; pos is then its length.
func (s *replyScan) advance(b []byte) (done bool, err error) {
	if !s.begun {
		s.begun, s.need = true, 1
	}
	for s.need > 0 {
		n, more, err := s.step(b[s.pos:])
		if n == 0 || err != nil {
			return false, err
		}
		s.pos += n
		s.need += more - 1
		if s.claimed += more; s.claimed > MaxReplyElements {
			return false, ErrBadReply
		}
	}
	return true, nil
}

// step measures the value at b without its elements; more is how many values it adds.
func (s *replyScan) step(b []byte) (n, more int, err error) {
	line := bytes.IndexByte(b, '\n')
	switch {
	case line < 0 && len(b) > maxReplyLine:
		return 0, 0, ErrBadReply
	case line < 0:
		return 0, 0, nil
	case line < 2 || b[line-1] != '\r':
		return 0, 0, ErrBadReply
	}
	kind, line := Kind(b[0]), line+1
	if !kind.counted() {
		return line, 0, kind.check()
	}
	size, ok := ParseInt(b[1 : line-2])
	switch {
	case ok && size == -1 && (kind == KindBulk || kind == KindArray):
		return line, 0, nil
	case !ok || size < 0 || size > DefaultMaxBulk:
		return 0, 0, ErrBadReply
	case kind.text() && len(b) < line+int(size)+2:
		return 0, 0, nil
	case kind.text():
		return line + int(size) + 2, 0, nil
	case kind == KindMap:
		return line, 2 * int(size), nil
	case kind == KindAttribute:
		return line, 2*int(size) + 1, nil
	}
	return line, int(size), nil
}

// counted reports whether a number follows the type byte that says how much is to come.
func (k Kind) counted() bool {
	return k.text() || k == KindArray || k == KindMap || k == KindSet || k == KindPush || k == KindAttribute
}

// text reports whether k is a text of announced length.
func (k Kind) text() bool { return k == KindBulk || k == KindVerbatim || k == KindBlobError }

// check refuses type bytes nobody knows.
func (k Kind) check() error {
	switch k {
	case KindStatus, KindError, KindInt, KindNull, KindDouble, KindBool, KindBigNumber:
		return nil
	}
	return ErrBadReply
}

// replyReader builds the values of a reply whose end is known.
type replyReader struct {
	b   []byte
	pos int
}

// value reads one value with all its elements.
func (r *replyReader) value(depth int) (Value, error) {
	if depth > MaxReplyDepth {
		return Value{}, ErrBadReply
	}
	kind := Kind(r.b[r.pos])
	line := r.line()
	switch {
	case kind == KindInt:
		n, ok := ParseInt(line)
		return Value{Kind: kind, Int: n}, unless(ok)
	case kind == KindBool:
		return boolean(line)
	case !kind.counted():
		return Value{Kind: kind, Text: string(line)}, nil
	}
	size, _ := ParseInt(line)
	switch {
	case size < 0:
		return Value{Kind: KindNull}, nil
	case kind.text():
		return r.sized(kind, int(size))
	case kind == KindAttribute:
		return r.afterAttribute(2*int(size), depth)
	case kind == KindMap:
		size *= 2
	}
	return r.list(kind, int(size), depth)
}

// line returns the rest of the current line after its type byte and moves past it.
func (r *replyReader) line() []byte {
	end := r.pos + bytes.IndexByte(r.b[r.pos:], '\n')
	line := r.b[r.pos+1 : end-1]
	r.pos = end + 1
	return line
}

// sized reads a text of known length.
func (r *replyReader) sized(kind Kind, size int) (Value, error) {
	text := r.b[r.pos : r.pos+size]
	r.pos += size + 2
	if r.b[r.pos-2] != '\r' || r.b[r.pos-1] != '\n' {
		return Value{}, ErrBadReply
	}
	if kind == KindVerbatim {
		if len(text) < 4 || text[3] != ':' {
			return Value{}, ErrBadReply
		}
		text = text[4:]
	}
	return Value{Kind: kind, Text: string(text)}, nil
}

// list reads size elements.
func (r *replyReader) list(kind Kind, size, depth int) (Value, error) {
	v := Value{Kind: kind, List: make([]Value, size)}
	for i := range v.List {
		var err error
		if v.List[i], err = r.value(depth + 1); err != nil {
			return Value{}, err
		}
	}
	return v, nil
}

// afterAttribute skips an attribute of size elements and reads what it belongs to.
func (r *replyReader) afterAttribute(size, depth int) (Value, error) {
	if _, err := r.list(KindAttribute, size, depth); err != nil {
		return Value{}, err
	}
	return r.value(depth + 1)
}

func boolean(line []byte) (Value, error) {
	v := Value{Kind: KindBool}
	if string(line) == "t" {
		v.Int = 1
	}
	return v, unless(string(line) == "t" || string(line) == "f")
}

func unless(ok bool) error {
	if ok {
		return nil
	}
	return ErrBadReply
}
