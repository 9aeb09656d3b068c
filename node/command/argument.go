package command

import "strings"

// ArgumentType is what an argument is.
type ArgumentType string

// The types of arguments, as COMMAND DOCS names them.
const (
	TextArgument    ArgumentType = "string"
	IntArgument     ArgumentType = "integer"
	DoubleArgument  ArgumentType = "double"
	KeyArgument     ArgumentType = "key"
	PatternArgument ArgumentType = "pattern"
	TimeArgument    ArgumentType = "unix-time"
	TokenArgument   ArgumentType = "pure-token"
	OneOf           ArgumentType = "oneof"
	Block           ArgumentType = "block"
)

// Argument is one part of a command's syntax.
type Argument struct {
	Name          string
	Type          ArgumentType
	Token         string // the literal word, or the one before the argument
	HasToken      bool
	KeySpec       int // the command's key spec it belongs to; -1 = none
	Optional      bool
	Multiple      bool // may be repeated
	MultipleToken bool // … each time with its token
	Arguments     []Argument
}

// Arguments parses Syntax:
//
//	part  = ["?"] [TOKEN ":"] what ["*" | "**"]     ? optional, * repeated, ** with its token
//	what  = name ["@" type]                         a value; text when no type is given
//	      | TOKEN ["=" name]                        a literal word
//	      | name "(" part { part } ")"              a block
//	      | name "(" part { "|" part } ")"          one of several
//
// Names are lower case and tokens are not. Types are int, double, key, pattern and time. A number
// behind the type is that of a key spec: a key belongs to the first one, 0, if it is left out.
func (c *Command) Arguments() []Argument {
	p := syntaxParser{words: splitSyntax(c.Syntax)}
	list, _ := p.list()
	return list
}

var argumentTypes = map[string]ArgumentType{
	"int": IntArgument, "key": KeyArgument, "double": DoubleArgument, "pattern": PatternArgument, "time": TimeArgument,
}

type syntaxParser struct {
	words []string
	at    int
}

// splitSyntax cuts the parentheses, their repeat marks and the bars off the words.
func splitSyntax(text string) []string {
	text = strings.NewReplacer("(", "( ", ")", " )").Replace(text)
	return strings.Fields(text)
}

// list parses parts up to the closing parenthesis or the end.
func (p *syntaxParser) list() (parts []Argument, alternatives bool) {
	for p.at < len(p.words) {
		word := p.words[p.at]
		if strings.HasPrefix(word, ")") {
			break
		}
		if word == "|" {
			alternatives = true
			p.at++
			continue
		}
		parts = append(parts, p.part())
	}
	return parts, alternatives
}

func (p *syntaxParser) next() string {
	p.at++
	return p.words[p.at-1]
}

func (p *syntaxParser) part() Argument {
	a := Argument{Type: TextArgument, KeySpec: -1}
	word, optional := strings.CutPrefix(p.next(), "?")
	a.Optional = optional
	if token, ok := strings.CutSuffix(word, ":"); ok {
		a.Token, a.HasToken = token, true
		word = p.next()
	}
	if name, ok := strings.CutSuffix(word, "("); ok {
		a.Name = name
		p.group(&a)
		return a
	}
	word = a.repeat(word)
	if isToken(word) {
		a.literal(word)
		return a
	}
	name, kind, _ := strings.Cut(word, "@")
	a.Name = name
	a.setType(kind)
	return a
}

func (p *syntaxParser) group(a *Argument) {
	parts, alternatives := p.list()
	a.Arguments, a.Type = parts, Block
	if alternatives {
		a.Type = OneOf
	}
	a.repeat(p.next())
}

// repeat cuts the stars off word.
func (a *Argument) repeat(word string) string {
	bare := strings.TrimRight(word, "*")
	a.Multiple, a.MultipleToken = len(word) > len(bare), len(word) > len(bare)+1
	return bare
}

func (a *Argument) literal(word string) {
	token, name := cutToken(word)
	if name == "" {
		name = strings.ToLower(token)
	}
	a.Type, a.Token, a.HasToken, a.Name = TokenArgument, strings.Trim(token, `"`), true, name
}

// setType takes a type with the number of its key spec; that of a key may be left out.
func (a *Argument) setType(kind string) {
	bare := strings.TrimRight(kind, "0123456789")
	if spec := kind[len(bare):]; spec != "" {
		a.KeySpec = int(spec[0] - '0')
	} else if bare == "key" {
		a.KeySpec = 0
	}
	if bare != "" {
		a.Type = argumentTypes[bare]
	}
}

// cutToken cuts the name off a literal word, which may be an equals sign itself.
func cutToken(word string) (token, name string) {
	if i := strings.LastIndex(word, "="); i >= 0 {
		return word[:i], word[i+1:]
	}
	return word, ""
}

// isToken tells a literal word from a name: no lower case before the equals sign.
func isToken(word string) bool {
	token, _ := cutToken(word)
	return token != "" && token == strings.ToUpper(token) && !strings.Contains(token, "@")
}
