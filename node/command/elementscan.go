package command

import (
	"strconv"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// scanCount is how many elements a scan looks at when the client does not say.
const scanCount = 10

// elementScan is one call of SSCAN, HSCAN or ZSCAN key cursor [MATCH pattern] [COUNT count].
type elementScan struct {
	c       *Context
	cursor  uint64
	count   int
	pattern *Glob // nil = everything
	found   resp.Writer
	n       int // words in found
}

// scanElements answers a scan of the V at the key in the first argument. visit goes once through
// what lies behind cursor, gives it to scan, and returns the next cursor. As in Redis the cursor
// is looked at before the key and the options after it.
func scanElements[V keyspace.Value](c *Context, visit func(value V, scan *elementScan) uint64) {
	scan := &elementScan{c: c, count: scanCount}
	var ok bool
	if scan.cursor, ok = parseCursor(c.Args[2]); !ok {
		c.Error(resp.ErrInvalidCursor)
		return
	}
	e := c.Read(c.Args[1])
	value, ok := valueOf[V](c, e)
	switch {
	case !ok:
	case e == nil:
		scan.answer(0)
	case scan.parseOptions(c.Args[3:]):
		scan.found.Proto = c.Proto
		scan.answer(visit(value, scan))
	}
}

// parseOptions reads [MATCH pattern] [COUNT count], or answers what is wrong.
func (s *elementScan) parseOptions(options [][]byte) bool {
	for ; len(options) > 0; options = options[2:] {
		switch {
		case len(options) > 1 && equalFold(options[0], "match"):
			s.pattern = nil // everything, also the empty element, which Match refuses to "*"
			if string(options[1]) != "*" {
				s.pattern = ReadGlob(options[1], false)
			}
		case len(options) > 1 && equalFold(options[0], "count"):
			count, ok := s.c.Integer(options[1])
			if !ok {
				return false
			}
			if count < 1 {
				s.c.Error(resp.ErrSyntax)
				return false
			}
			s.count = int(count)
		default:
			s.c.Error(resp.ErrSyntax)
			return false
		}
	}
	return true
}

// one takes an element into the answer if it matches.
func (s *elementScan) one(element []byte) {
	if s.pattern == nil || Match(s.pattern, element) {
		s.found.Bulk(element)
		s.n++
	}
}

// two takes an element that matches with its companion into the answer.
func (s *elementScan) two(element, companion []byte) {
	before := s.n
	if s.one(element); s.n > before {
		s.found.Bulk(companion)
		s.n++
	}
}

func (s *elementScan) answer(next uint64) {
	s.c.Array(2)
	s.c.BulkString(strconv.FormatUint(next, 10))
	s.c.Array(s.n)
	s.c.Buf = append(s.c.Buf, s.found.Buf...)
}

// parseCursor reads a cursor as strtoul does: nothing at all is 0, and a sign may lead
// (parseScanCursorOrReply).
func parseCursor(text []byte) (uint64, bool) {
	if len(text) == 0 {
		return 0, true
	}
	negative := text[0] == '-'
	if negative || text[0] == '+' {
		text = text[1:]
	}
	n, err := strconv.ParseUint(string(text), 10, 64)
	if negative {
		n = -n
	}
	return n, err == nil
}
