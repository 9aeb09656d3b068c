package aof

import (
	"bytes"
	"errors"
	"math"
)

// How the reading of a file of commands ends.
var (
	ErrShort  = errors.New("the file ends within a command")
	ErrFormat = errors.New("this is not a command")
)

// Reader cuts a file of commands into commands. A line that begins with # is passed over: it is a
// note, such as the time at which what follows happened.
type Reader struct {
	data []byte
	pos  int
	args [][]byte
}

// NewReader reads data, which must not change from now on.
func NewReader(data []byte) *Reader { return &Reader{data: data} }

// Offset is where the next command begins.
func (r *Reader) Offset() int { return r.pos }

// Next returns the next command, or nothing at the end of the file. The words are part of the file;
// the list of them is valid until the next call. After an error Offset is where the command that
// could not be read begins.
func (r *Reader) Next() (args [][]byte, err error) {
	for r.pos < len(r.data) && r.data[r.pos] == '#' {
		end := bytes.IndexByte(r.data[r.pos:], '\n')
		if end < 0 {
			return nil, ErrShort
		}
		r.pos += end + 1
	}
	if r.pos == len(r.data) {
		return nil, nil
	}
	c := cursor{data: r.data, pos: r.pos}
	n := c.number('*')
	if c.err == nil && n < 1 {
		c.err = ErrFormat
	}
	r.args = r.args[:0]
	for i := 0; i < n && c.err == nil; i++ {
		r.args = append(r.args, c.word())
	}
	if c.err != nil {
		return nil, c.err
	}
	r.pos = c.pos
	return r.args, nil
}

// cursor reads the parts of one command.
type cursor struct {
	data []byte
	pos  int
	err  error
}

// number reads a line of a mark and a decimal number.
func (c *cursor) number(mark byte) int {
	rest := c.data[c.pos:]
	if len(rest) == 0 {
		c.err = ErrShort
		return 0
	}
	if rest[0] != mark {
		c.err = ErrFormat
		return 0
	}
	n, i := 0, 1
	for ; i < len(rest) && rest[i] >= '0' && rest[i] <= '9'; i++ {
		if n > (math.MaxInt64-9)/10 {
			c.err = ErrFormat
			return 0
		}
		n = n*10 + int(rest[i]-'0')
	}
	digits := i - 1
	c.pos += i
	if c.end(); c.err == nil && digits == 0 {
		c.err = ErrFormat
	}
	return n
}

// end reads the two bytes behind a number or a word.
func (c *cursor) end() {
	rest := c.data[c.pos:]
	switch {
	case len(rest) >= 2 && rest[0] == '\r' && rest[1] == '\n':
		c.pos += 2
	case len(rest) == 0 || len(rest) == 1 && rest[0] == '\r':
		c.err = ErrShort
	default:
		c.err = ErrFormat
	}
}

// word reads one word behind its length.
func (c *cursor) word() []byte {
	n := c.number('$')
	if c.err != nil {
		return nil
	}
	if n > len(c.data)-c.pos {
		c.err = ErrShort
		return nil
	}
	word := c.data[c.pos : c.pos+n : c.pos+n]
	c.pos += n
	c.end()
	return word
}
