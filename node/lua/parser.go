package lua

import (
	"fmt"
	"slices"
)

// The limits of a source, as in C.
const (
	maxLocals = 200
	maxUps    = 60
	// maxNesting bounds how deep blocks and expressions stand in each other.
	maxNesting = 200
	// maxChain bounds chains of operations, which C's compiler does not keep.
	maxChain = 4000
)

// parser reads a chunk by recursive descent.
type parser struct {
	lexer
	fn     *scope
	depth  int
	traced bool            // a debugger will follow it (mark.go)
	texts  map[string]*str // the strings of the chunk: equal ones are one, which tables find sooner
	seen   map[string]int  // how many variables of a name are visible: of the global ones, most names, none
}

// text is a string of the chunk.
func (p *parser) text(s string) *str {
	t, known := p.texts[s]
	if !known {
		t = &str{s: s}
		p.texts[s] = t
	}
	return t
}

// constant is a string as an expression.
func (p *parser) constant(s string) *constExpr {
	return &constExpr{Value{kind: KindString, o: p.text(s)}}
}

// scope is the function being read.
type scope struct {
	*funcBody
	parent *scope
	active []*local
	blocks []blockScope
	dots   bool // ... may be used
	used   int  // slots in use now
	level  int  // of nesting within the function

	marks, target, emptied int // of a traced function: how many marks, and at how many something jumps or was emptied
}

type blockScope struct {
	actives int
	slots   int
	loop    bool
}

// parse reads a whole chunk.
func parse(source, name string, traced bool) (body *funcBody, err error) {
	p := &parser{lexer: lexer{source: name, in: source, line: 1, last: 1}, traced: traced, texts: map[string]*str{}, seen: map[string]int{}}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case syntaxError:
			err = fmt.Errorf("%s", e.text)
		default:
			panic(e)
		}
	}()
	p.open(&funcBody{vararg: true})
	p.fn.dots = true
	p.next()
	p.fn.body = p.chunk()
	p.check(tokEOS)
	p.finish()
	return p.close(), nil
}

func (p *parser) open(f *funcBody) {
	f.source = p.source
	p.fn = &scope{funcBody: f, parent: p.fn, target: -1}
}

// finish ends the code of a function: it returns, with no variable visible.
func (p *parser) finish() {
	if !p.traced {
		return
	}
	p.hide(0)
	p.fn.traced = true
	p.follow(p.fn.body)
	p.fn.body.stmts = append([]stmtNode{&enterStmt{}}, p.fn.body.stmts...)
	p.fn.weight *= 2 // a mark is a call of Go's too
}

func (p *parser) close() *funcBody {
	p.hide(0)
	f := p.fn.funcBody
	p.fn = p.fn.parent
	return f
}

// enter counts one more level of nesting.
func (p *parser) enter() {
	if p.depth++; p.depth > maxNesting {
		p.fail("chunk has too many syntax levels", "")
	}
	p.fn.level++
	p.fn.weight = max(p.fn.weight, p.fn.level)
}

func (p *parser) leave() {
	p.depth--
	p.fn.level--
}

// link counts the n-th operation of a chain such as a + b + c or a.b.c, each of which stands in the next.
func (p *parser) link(n int) {
	if n > maxChain {
		p.errorHere("function or expression too complex")
	}
	p.fn.weight = max(p.fn.weight, p.fn.level+n)
}

// Tokens.

func (p *parser) check(k tokenKind) {
	if p.tok.kind != k {
		p.expected(k)
	}
}

func (p *parser) expected(k tokenKind) { p.errorHere("'" + k.String() + "' expected") }

func (p *parser) accept(k tokenKind) bool {
	if p.tok.kind == k {
		p.next()
		return true
	}
	return false
}

func (p *parser) expect(k tokenKind) {
	p.check(k)
	p.next()
}

// match expects what closes something that was opened in a line.
func (p *parser) match(what, who tokenKind, line int) {
	if p.accept(what) {
		return
	}
	if line == p.line {
		p.expected(what)
	}
	p.errorHere(fmt.Sprintf("'%s' expected (to close '%s' at line %d)", what, who, line))
}

func (p *parser) nameToken() string {
	p.check(tokName)
	name := p.tok.text
	p.next()
	return name
}

// Scopes.

// declare makes a local that becomes visible with activate.
func (p *parser) declare(name string) *local {
	if len(p.fn.active) >= maxLocals {
		p.tooMany(maxLocals, "local variables")
	}
	l := &local{name: name, slot: p.slot(1)}
	return l
}

// slot takes n registers.
func (p *parser) slot(n int) int {
	at := p.fn.used
	p.fn.used += n
	p.fn.slots = max(p.fn.slots, p.fn.used)
	return at
}

func (p *parser) tooMany(limit int, what string) {
	if p.fn.line == 0 {
		p.fail(fmt.Sprintf("main function has more than %d %s", limit, what), "")
	}
	p.fail(fmt.Sprintf("function at line %d has more than %d %s", p.fn.line, limit, what), "")
}

func (p *parser) activate(vars ...*local) {
	for _, l := range vars {
		if n := len(p.fn.active); p.traced && n > 0 {
			l.outer = p.fn.active[n-1]
		}
		p.fn.active = append(p.fn.active, l)
		p.seen[l.name]++
	}
	if len(p.fn.active) > maxLocals {
		p.tooMany(maxLocals, "local variables")
	}
}

// hide ends the variables of the function but the first.
func (p *parser) hide(but int) {
	for _, l := range p.fn.active[but:] {
		p.seen[l.name]--
	}
	p.fn.active = p.fn.active[:but]
}

func (p *parser) beginBlock(loop bool) {
	p.fn.blocks = append(p.fn.blocks, blockScope{len(p.fn.active), p.fn.used, loop})
}

// closes reports whether a variable of the innermost block lives on in a function, so that leaving the block is an
// instruction.
func (p *parser) closes() bool {
	for _, l := range p.fn.active[p.fn.blocks[len(p.fn.blocks)-1].actives:] {
		if l.captured {
			return p.traced
		}
	}
	return false
}

func (p *parser) endBlock() {
	b := p.fn.blocks[len(p.fn.blocks)-1]
	p.fn.blocks = p.fn.blocks[:len(p.fn.blocks)-1]
	p.hide(b.actives)
	p.fn.used = b.slots
	p.target()
}

// resolve finds what a name means here.
func (p *parser) resolve(name string, line int) exprNode {
	if p.seen[name] == 0 {
		return &globalExpr{p.text(name), line}
	}
	l, index := p.find(p.fn, name)
	if l == nil {
		return &upExpr{name, index}
	}
	return &localExpr{l}
}

// find looks for the variable of a name that is visible in f: a local of f, or the index of a captured one. What is
// around a function does not change while it is read, so that a name means the same variable whenever it is captured.
func (p *parser) find(f *scope, name string) (l *local, index int) {
	for i := len(f.active) - 1; i >= 0; i-- {
		if f.active[i].name == name {
			return f.active[i], -1
		}
	}
	if i := slices.Index(f.upNames, name); i >= 0 {
		return nil, i
	}
	outer, at := p.find(f.parent, name)
	if outer != nil {
		outer.captured = true
	}
	if len(f.ups) >= maxUps {
		was := p.fn
		p.fn = f
		defer func() { p.fn = was }()
		p.tooMany(maxUps, "upvalues")
	}
	f.ups, f.upNames = append(f.ups, upRef{outer, at}), append(f.upNames, name)
	return nil, len(f.ups) - 1
}
