package lua

import (
	"fmt"
	"strings"
)

// lexer cuts a source into tokens.
type lexer struct {
	source string // the chunk's name as errors print it
	in     string
	pos    int
	line   int
	last   int // line of the last token consumed
	buf    []byte
	tok    token
	ahead  token
	looked bool
}

// syntaxError is how reading ends at a mistake: a panic that Load turns into an error.
type syntaxError struct{ text string }

// fail ends the reading; near is quoted when it is not empty.
func (x *lexer) fail(msg, near string) {
	text := fmt.Sprintf("%s:%d: %s", x.source, x.line, msg)
	if near != "" {
		text += " near '" + cString(near) + "'"
	}
	panic(syntaxError{text})
}

// cString cuts a text where C would.
func cString(s string) string {
	if i := strings.IndexByte(s, 0); i >= 0 {
		return s[:i]
	}
	return s
}

// near is the current token as an error quotes it: its own text when it has one.
func (x *lexer) near(k tokenKind) string {
	if k == tokName || k == tokString || k == tokNumber {
		return string(x.buf)
	}
	return k.String()
}

// errorHere complains about the current token.
func (x *lexer) errorHere(msg string) { x.fail(msg, x.near(x.tok.kind)) }

const eoz = -1

func (x *lexer) char() int {
	if x.pos >= len(x.in) {
		return eoz
	}
	return int(x.in[x.pos])
}

func (x *lexer) keep() {
	x.buf = append(x.buf, x.in[x.pos])
	x.pos++
}

// next moves to the next token.
func (x *lexer) next() {
	x.last = x.line
	if x.looked {
		x.tok, x.looked = x.ahead, false
		return
	}
	x.tok = x.scan()
}

// peek looks at the token after the current one.
func (x *lexer) peek() tokenKind {
	if !x.looked {
		x.ahead, x.looked = x.scan(), true
	}
	return x.ahead.kind
}

func (x *lexer) newline() {
	old := x.char()
	x.pos++
	if c := x.char(); (c == '\n' || c == '\r') && c != old {
		x.pos++
	}
	x.line++
}

// scan reads one token.
func (x *lexer) scan() token {
	x.buf = x.buf[:0]
	for {
		switch c := x.char(); {
		case c == eoz:
			return token{kind: tokEOS}
		case c == '\n' || c == '\r':
			x.newline()
		case isSpace(byte(c)):
			x.pos++
		case c == '-':
			x.pos++
			if x.char() != '-' {
				return token{kind: '-'}
			}
			x.pos++
			x.comment()
		case c == '[':
			if level := x.longBracket(); level >= 0 {
				return token{kind: tokString, text: x.longString(level, "unfinished long string")}
			} else if level == -1 {
				return token{kind: '['}
			}
			x.fail("invalid long string delimiter", string(x.buf))
		case c == '"' || c == '\'':
			return x.quoted(c)
		case isDigit(byte(c)) || c == '.' && x.pos+1 < len(x.in) && isDigit(x.in[x.pos+1]):
			return x.numeral()
		case isAlpha(byte(c)) || c == '_':
			return x.name()
		default:
			return token{kind: x.operator()}
		}
	}
}

// operator reads what is made of other characters.
func (x *lexer) operator() tokenKind {
	rest := x.in[x.pos:]
	for _, op := range [...]struct {
		text string
		kind tokenKind
	}{{"...", tokDots}, {"..", tokConcat}, {"==", tokEq}, {">=", tokGe}, {"<=", tokLe}, {"~=", tokNe}} {
		if strings.HasPrefix(rest, op.text) {
			x.pos += len(op.text)
			return op.kind
		}
	}
	x.pos++
	return tokenKind(rest[0])
}

func (x *lexer) name() token {
	start := x.pos
	for x.pos < len(x.in) && (isAlpha(x.in[x.pos]) || isDigit(x.in[x.pos]) || x.in[x.pos] == '_') {
		x.pos++
	}
	text := x.in[start:x.pos]
	x.buf = append(x.buf, text...)
	if k, reserved := keywords[text]; reserved {
		return token{kind: k}
	}
	return token{kind: tokName, text: text}
}

func (x *lexer) numeral() token {
	for c := x.char(); c != eoz && (isDigit(byte(c)) || c == '.'); c = x.char() {
		x.keep()
	}
	if c := x.char(); c == 'e' || c == 'E' {
		x.keep()
		if c := x.char(); c == '+' || c == '-' {
			x.keep()
		}
	}
	for c := x.char(); c != eoz && (isAlpha(byte(c)) || isDigit(byte(c)) || c == '_'); c = x.char() {
		x.keep()
	}
	n, ok := ParseNumber(string(x.buf))
	if !ok {
		x.fail("malformed number", string(x.buf))
	}
	return token{kind: tokNumber, num: n}
}

// comment skips what follows two dashes.
func (x *lexer) comment() {
	if x.char() == '[' {
		level := x.longBracket()
		x.buf = x.buf[:0]
		if level >= 0 {
			x.longString(level, "unfinished long comment")
			x.buf = x.buf[:0]
			return
		}
	}
	for c := x.char(); c != eoz && c != '\n' && c != '\r'; c = x.char() {
		x.pos++
	}
}

// longBracket reads [==[ and returns the number of its signs; without the second bracket -1 when there
// was no sign and -2 otherwise.
func (x *lexer) longBracket() int {
	x.keep()
	level := 0
	for x.char() == '=' {
		x.keep()
		level++
	}
	switch {
	case x.char() == '[':
		x.keep()
		return level
	case level == 0:
		return -1
	}
	return -2
}

// longString reads up to the closing bracket of the level.
func (x *lexer) longString(level int, unfinished string) string {
	if c := x.char(); c == '\n' || c == '\r' {
		x.newline()
	}
	closing := "]" + strings.Repeat("=", level) + "]"
	for {
		switch c := x.char(); {
		case c == eoz:
			x.fail(unfinished, tokEOS.String())
		case c == ']' && strings.HasPrefix(x.in[x.pos:], closing):
			text := string(x.buf[level+2:])
			x.pos += len(closing)
			x.buf = append(x.buf, closing...)
			return text
		case c == '\n' || c == '\r':
			x.newline()
			x.buf = append(x.buf, '\n')
		default:
			x.keep()
		}
	}
}

// quoted reads a string in quotes.
func (x *lexer) quoted(quote int) token {
	x.keep()
	for x.char() != quote {
		switch c := x.char(); c {
		case eoz:
			x.fail("unfinished string", tokEOS.String())
		case '\n', '\r':
			x.fail("unfinished string", string(x.buf))
		case '\\':
			x.pos++
			x.escape()
		default:
			x.keep()
		}
	}
	x.keep()
	return token{kind: tokString, text: string(x.buf[1 : len(x.buf)-1])}
}

// escapes are the characters that letters after a backslash mean.
var escapes = map[int]byte{'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}

func (x *lexer) escape() {
	c := x.char()
	switch letter, known := escapes[c]; {
	case known:
		x.buf = append(x.buf, letter)
		x.pos++
	case c == '\n' || c == '\r':
		x.newline()
		x.buf = append(x.buf, '\n')
	case c == eoz:
	case !isDigit(byte(c)):
		x.keep()
	default:
		n := 0
		for i := 0; i < 3 && x.char() != eoz && isDigit(byte(x.char())); i++ {
			n = 10*n + x.char() - '0'
			x.pos++
		}
		if n > 255 {
			x.fail("escape sequence too large", string(x.buf))
		}
		x.buf = append(x.buf, byte(n))
	}
}
