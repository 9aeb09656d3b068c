package lua

import "fmt"

// tokenKind is a token's type: a character below 256, or one of these.
type tokenKind int

const (
	tokAnd tokenKind = iota + 257
	tokBreak
	tokDo
	tokElse
	tokElseif
	tokEnd
	tokFalse
	tokFor
	tokFunction
	tokIf
	tokIn
	tokLocal
	tokNil
	tokNot
	tokOr
	tokRepeat
	tokReturn
	tokThen
	tokTrue
	tokUntil
	tokWhile
	tokConcat
	tokDots
	tokEq
	tokGe
	tokLe
	tokNe
	tokNumber
	tokName
	tokString
	tokEOS
)

var tokenNames = [...]string{"and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in",
	"local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while", "..", "...", "==", ">=", "<=",
	"~=", "<number>", "<name>", "<string>", "<eof>"}

// keywords are the reserved words.
var keywords = func() map[string]tokenKind {
	words := map[string]tokenKind{}
	for k := tokAnd; k <= tokWhile; k++ {
		words[tokenNames[k-tokAnd]] = k
	}
	return words
}()

// String is the token as errors quote it.
func (k tokenKind) String() string {
	switch {
	case k >= tokAnd:
		return tokenNames[k-tokAnd]
	case k < ' ' || k == 0x7f:
		return fmt.Sprintf("char(%d)", int(k))
	}
	return string([]byte{byte(k)})
}

// token is one token with what it carries.
type token struct {
	kind tokenKind
	text string // a name, or what a string says
	num  float64
}
