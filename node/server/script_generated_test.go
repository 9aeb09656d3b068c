package server

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// author writes random scripts that end by themselves and show no addresses.
type author struct {
	*rand.Rand
	depth int
	names []string
}

func (a *author) pick(of ...string) string { return of[a.IntN(len(of))] }

func (a *author) name() string {
	if len(a.names) == 0 || a.IntN(12) == 0 {
		return a.pick("undefined", "nothing", "KEYS", "ARGV")
	}
	return a.names[a.IntN(len(a.names))]
}

// leaf is an expression without operands.
func (a *author) leaf() string {
	switch a.IntN(10) {
	case 0:
		return a.pick("nil", "true", "false")
	case 1, 2:
		return strconv.Itoa(a.IntN(20) - 5)
	case 3:
		return a.pick("0.5", "1e10", "-3.25", "2^53", "1/3", "0x1f", "1e15", "1e100", ".1", "100000000000000")
	case 4, 5:
		return a.pick(`"abc"`, `"10"`, `""`, `"a b c"`, `"0x10"`, `"1e3"`, `'k'`, `"x\0y"`, `"éü"`, `[[long]]`, `"%d+"`)
	case 6:
		return a.pick("{}", "{1,2,3}", "{a=1,b=2}", "{1,nil,3}", "{x={y=1}}", "{[1]=5,[2]=6,z='q'}", "{10,20,30,n=3}")
	}
	return a.name()
}

func (a *author) expr() string {
	if a.depth > 4 || a.IntN(4) == 0 {
		return a.leaf()
	}
	a.depth++
	defer func() { a.depth-- }()
	switch a.IntN(16) {
	case 0, 1, 2:
		return "(" + a.expr() + a.pick("+", "-", "*", "/", "%", "^") + a.expr() + ")"
	case 3:
		return "(" + a.expr() + ".." + a.expr() + ")"
	case 4:
		return "(" + a.expr() + a.pick("==", "~=", "<", "<=", ">", ">=") + a.expr() + ")"
	case 5:
		return "(" + a.expr() + a.pick(" and ", " or ") + a.expr() + ")"
	case 6:
		return a.pick("-", "#", "not ") + a.expr()
	case 7:
		return a.name() + a.pick(".a", ".x", "[1]", "[2]", ".x.y", "['b']")
	case 8:
		return a.name() + "[" + a.expr() + "]"
	case 9, 10:
		return a.text()
	case 11:
		return a.number()
	case 12:
		return "select(2,pcall(function() return " + a.expr() + " end))"
	case 13:
		return a.pick("type", "tostring", "tonumber") + "(" + a.shown() + ")"
	case 14:
		return "(function(...) local p=... return " + a.expr() + " end)(" + a.expr() + "," + a.expr() + ")"
	}
	return a.library()
}

// shown is an expression whose text shows no address.
func (a *author) shown() string { return "show(" + a.expr() + ")" }

func (a *author) text() string {
	switch a.IntN(9) {
	case 0:
		return "string.sub(" + a.expr() + "," + a.expr() + "," + a.leaf() + ")"
	case 1:
		return "string.rep(" + a.leaf() + "," + strconv.Itoa(a.IntN(5)) + ")"
	case 2:
		return "string.format(" + a.pick(`"%d"`, `"%5.2f"`, `"%s"`, `"%q"`, `"%x"`, `"%g"`, `"%-6s|"`, `"%05d"`, `"%i:%s"`, `"%c"`, `"%e"`) + "," + a.leaf() + "," + a.leaf() + ")"
	case 3:
		return "string.find(" + a.leaf() + "," + a.pick(`"%a"`, `"b"`, `"%d+"`, `"(.)(.)"`, `"^a"`, `"c$"`, `"[%w]-b"`, `"()"`, `"%s*"`, `"%b()"`, `"%f[%w]"`, `"[^abc]"`) + ")"
	case 4:
		return "string.gsub(" + a.leaf() + "," + a.pick(`"%a"`, `"b"`, `"%d"`, `"(.)"`, `""`, `"."`) + "," + a.pick(`"<%0>"`, `"%1"`, `""`, `{a=1}`, `function(c) return c..c end`) + ")"
	case 5:
		return "string." + a.pick("upper", "lower", "len", "reverse", "byte") + "(" + a.expr() + ")"
	case 6:
		return "string.match(" + a.leaf() + "," + a.pick(`"%a+"`, `"(%d)(%d)"`, `"."`, `".-b"`) + ")"
	case 7:
		return "table.concat(" + a.leaf() + "," + a.pick(`","`, `""`, "1") + ")"
	}
	return "tostring(" + a.number() + ")"
}

func (a *author) number() string {
	return "math." + a.pick("floor", "ceil", "abs", "sqrt", "max", "min", "fmod") + "(" + a.expr() + "," + a.leaf() + ")"
}

func (a *author) library() string {
	switch a.IntN(6) {
	case 0:
		return "cjson.encode(" + a.expr() + ")"
	case 1:
		return "cjson.decode(" + a.pick(`'[1,2,{"a":null}]'`, `'{"x":1.5,"y":[true]}'`, `'bad'`, `'"t"'`, a.leaf()) + ")"
	case 2:
		return "cmsgpack.pack(" + a.expr() + ")"
	case 3:
		return "cmsgpack.unpack(cmsgpack.pack(" + a.expr() + "))"
	case 4:
		return "bit." + a.pick("band", "bor", "bxor", "lshift", "arshift", "tohex", "bnot") + "(" + a.leaf() + "," + a.leaf() + ")"
	}
	return "redis.pcall(" + a.pick("'get','k'", "'incr','n'", "'rpush','l',"+a.leaf(), "'hset','h','f',"+a.expr(), "'lrange','l',0,-1", "'nosuch'", "'set','s',"+a.expr(), a.expr()) + ")"
}

func (a *author) block(b *strings.Builder, n int) {
	known := len(a.names)
	a.depth++
	for range n {
		a.statement(b)
	}
	a.depth--
	a.names = a.names[:known]
}

func (a *author) statement(b *strings.Builder) {
	kind := a.IntN(11)
	if a.depth > 3 && kind >= 5 {
		kind = a.IntN(5)
	}
	switch kind {
	case 0, 1:
		name := fmt.Sprintf("v%d", len(a.names))
		value := a.expr()
		a.names = append(a.names, name)
		fmt.Fprintf(b, "local %s = %s\n", name, value)
	case 2:
		if len(a.names) > 0 {
			fmt.Fprintf(b, "%s = %s\n", a.names[a.IntN(len(a.names))], a.expr())
		}
	case 3:
		if len(a.names) > 0 {
			fmt.Fprintf(b, "%s[%s] = %s\n", a.names[a.IntN(len(a.names))], a.expr(), a.expr())
		}
	case 4:
		fmt.Fprintf(b, "out[#out+1] = %s\n", a.shown())
	case 5:
		fmt.Fprintf(b, "if %s then\n", a.expr())
		a.block(b, 2)
		b.WriteString("else\n")
		a.block(b, 1)
		b.WriteString("end\n")
	case 6:
		fmt.Fprintf(b, "for i = %s, %s do\n", a.pick("1", "3", "0.5"), a.pick("3", "5", "2.5", "-1"))
		a.names = append(a.names, "i")
		a.block(b, 2)
		a.names = a.names[:len(a.names)-1]
		b.WriteString("end\n")
	case 7:
		fmt.Fprintf(b, "for k, v in %s(%s) do\n", a.pick("pairs", "ipairs"), a.leaf())
		a.names = append(a.names, "k", "v")
		a.block(b, 2)
		a.names = a.names[:len(a.names)-2]
		b.WriteString("end\n")
	case 8:
		fmt.Fprintf(b, "pcall(function()\n")
		a.block(b, 3)
		b.WriteString("end)\n")
	case 9:
		name := fmt.Sprintf("v%d", len(a.names))
		fmt.Fprintf(b, "local function %s(p, q)\n", name)
		known := a.names
		a.names = append(append([]string(nil), known...), "p", "q")
		a.block(b, 2)
		fmt.Fprintf(b, "return %s\nend\n", a.expr())
		a.names = append(known, name)
	case 10:
		fmt.Fprintf(b, "out[#out+1] = show(%s(%s, %s))\n", a.name(), a.leaf(), a.leaf())
	}
}

// prologue defines show, which writes a value with the pairs of a table in their order.
const prologue = `local out = {}
local function show(v, d)
  d = d or 0
  if type(v) == 'table' and d < 4 then
    local s = {}
    for k, x in pairs(v) do s[#s+1] = (type(k) == 'table' and 'T' or type(k) == 'function' and 'F' or tostring(k)) .. '=' .. show(x, d + 1) end
    return '{' .. table.concat(s, ',') .. '}' .. #v
  end
  if type(v) == 'number' or type(v) == 'string' or type(v) == 'boolean' or v == nil then return tostring(v) end
  return type(v)
end
`

func (a *author) script() string {
	a.names, a.depth = nil, 0
	var b strings.Builder
	b.WriteString(prologue)
	a.block(&b, 8)
	if a.IntN(8) == 0 { // a mistake somewhere
		text := b.String()
		at := len(prologue) + a.IntN(len(text)-len(prologue)+1)
		return text[:at] + a.pick("", " ", "end", ")", "=", "..", "local", "\"", "1", "x") + text[min(len(text), at+a.IntN(4)):]
	}
	b.WriteString("return out\n")
	return b.String()
}

// TestRandomScriptsAnswerAsInRedis runs scripts nobody wrote. SCRIPTS says how many, SEED which.
func TestRandomScriptsAnswerAsInRedis(t *testing.T) {
	number, seed := 400, uint64(1)
	if n, err := strconv.Atoi(os.Getenv("SCRIPTS")); err == nil {
		number = n
	}
	if n, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64); err == nil {
		seed = n
	}
	a := &author{Rand: rand.New(rand.NewPCG(seed, 2))}
	redis, ours := startReal(t), newDriver(t)
	for i := 0; i < number && !t.Failed(); i++ {
		source := a.script()
		redis.call("FLUSHALL")
		ours.call("a", "FLUSHALL")
		compareScript(t, redis, ours, source)
		if i%200 == 0 {
			redis.call("SCRIPT", "FLUSH")
			ours.call("a", "SCRIPT", "FLUSH")
		}
	}
}
