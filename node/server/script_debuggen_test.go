package server

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// wanderer writes scripts for a debugger: with the statements that an author has no use for, and with
// lines that end in the middle of expressions.
type wanderer struct {
	author
	made int
}

func (w *wanderer) fresh() string {
	w.made++
	return fmt.Sprint("w", w.made)
}

// walk writes statements whose lines matter more than what they compute.
func (w *wanderer) walk(b *strings.Builder, n, depth int) {
	for range n {
		name := w.fresh()
		switch kind := w.IntN(17); {
		case kind < 8 || depth > 3:
			w.plain(b, name)
		case kind == 8:
			fmt.Fprintf(b, "local %s = 0 while %s < %d do %s = %s + 1\n", name, name, w.IntN(4), name, name)
			w.walk(b, w.IntN(3), depth+1)
			w.leaves(b)
			b.WriteString("end\n")
		case kind == 9:
			fmt.Fprintf(b, "local %s = 0 repeat %s = %s + 1\n", name, name, name)
			w.walk(b, w.IntN(3), depth+1)
			fmt.Fprintf(b, "until %s > %d\n", name, w.IntN(3))
		case kind == 10:
			fmt.Fprintf(b, "for %s = 1 , %d do\n", name, w.IntN(4))
			w.walk(b, w.IntN(3), depth+1)
			w.leaves(b)
			b.WriteString("end\n")
		case kind == 11:
			fmt.Fprintf(b, "for %s , v in ipairs ( { 1 , 2 } ) do\n", name)
			w.walk(b, w.IntN(3), depth+1)
			w.leaves(b)
			b.WriteString("end\n")
		case kind < 15:
			w.branches(b, depth)
		case kind == 15:
			b.WriteString("do\n")
			w.walk(b, w.IntN(3), depth+1)
			b.WriteString("end\n")
		default:
			fmt.Fprintf(b, "local function %s ( a , ... )\nlocal c = a\n", name)
			w.walk(b, w.IntN(3), depth+1)
			fmt.Fprintf(b, "%s end\nlocal r%s = %s ( 1 , 2 )\n", w.pick("return a", "return", "", "return a , ...", "return type ( a )", "return function ( ) return c end"),
				name, name)
		}
	}
}

func (w *wanderer) plain(b *strings.Builder, name string) {
	switch w.IntN(12) {
	case 0:
		fmt.Fprintf(b, "local %s\n", name)
	case 1:
		fmt.Fprintf(b, "local %s , x%s = %s , %s\n", name, name, w.value(), w.value())
	case 2:
		fmt.Fprintf(b, "x , y = y , %s\n", w.pick("x", "1", "t . n", "- t . n"))
	case 3:
		fmt.Fprintf(b, "t . a , x = %s , %s\n", w.value(), w.pick("y", "'s'", "t . a"))
	case 4:
		fmt.Fprintf(b, "function t . f%s ( p ) return p end\n", name)
	case 5:
		fmt.Fprintf(b, "function t : g%s ( p ) return self . a end x = t : g%s ( 1 )\n", name, name)
	case 6:
		fmt.Fprintf(b, "local %s = function ( ) return x , y end\n", name)
	case 7:
		fmt.Fprintf(b, "redis . call ( 'set' , KEYS [ 1 ] , %s )\n", w.pick("1", "'a'", "x", "t . n"))
	case 8:
		fmt.Fprintf(b, "pcall ( function ( ) error ( %s ) end )\n", w.value())
	case 9:
		fmt.Fprintf(b, "t [ %s ] = { %s , a = %s , [ 'q' ] = %s , %s }\n", w.pick("'k'", "x", "1"), w.value(), w.value(), w.value(), w.value())
	default:
		fmt.Fprintf(b, "%s = %s\n", w.pick("t . a", "t [ 'b' ]"), w.value())
	}
}

// value is an expression that raises no error. It is not given to a variable that is there already: C writes that in the
// middle of and and or, which a debugger of ours does not show.
func (w *wanderer) value() string {
	if w.depth > 2 {
		return w.pick("x", "y", "1", "'s'", "t . n", "nil", "true", "t . a")
	}
	w.depth++
	defer func() { w.depth-- }()
	switch w.IntN(11) {
	case 0:
		return "( " + w.value() + " " + w.pick("and", "or", "==", "~=") + " " + w.value() + " )"
	case 1:
		return w.value() + w.pick(" and ", " or ") + w.value()
	case 2:
		return "type ( " + w.value() + " ) .. " + "type ( " + w.value() + " )"
	case 3:
		return "t . n " + w.pick("+", "-", "*") + " t . n"
	case 4:
		return "not " + w.value()
	case 5:
		return "{ " + w.value() + " , " + w.value() + " }"
	case 6:
		return "( function ( ... ) local q = ... return q end ) ( " + w.value() + " )"
	case 7:
		return "# { " + w.value() + " }"
	}
	return w.pick("x", "y", "1", "'s'", "t . n", "nil", "false", "- t . n", "t . a", "#KEYS")
}

func (w *wanderer) branches(b *strings.Builder, depth int) {
	fmt.Fprintf(b, "if %s then\n", w.value())
	w.walk(b, w.IntN(3), depth+1)
	if w.IntN(3) == 0 {
		fmt.Fprintf(b, "elseif %s then\n", w.value())
		w.walk(b, w.IntN(3), depth+1)
	}
	if w.IntN(2) == 0 {
		b.WriteString("else\n")
		w.walk(b, w.IntN(3), depth+1)
	}
	b.WriteString("end\n")
}

// leaves ends a loop early now and then.
func (w *wanderer) leaves(b *strings.Builder) {
	switch w.IntN(6) {
	case 0:
		b.WriteString("break\n")
	case 1:
		fmt.Fprintf(b, "if %s then break end\n", w.value())
	}
}

// scattered breaks lines between words, now and then.
func (w *wanderer) scattered(text string) string {
	words := strings.Split(text, " ")
	var b strings.Builder
	for i, word := range words {
		if i > 0 {
			if w.IntN(5) == 0 && word != "(" && !strings.HasPrefix(word, "{") {
				b.WriteByte('\n')
			} else {
				b.WriteByte(' ')
			}
		}
		b.WriteString(word)
	}
	return b.String()
}

// TestRandomScriptsAreFollowedAsByRedis steps through scripts nobody wrote. SCRIPTS says how many, SEED which.
func TestRandomScriptsAreFollowedAsByRedis(t *testing.T) {
	number, seed := 60, uint64(1)
	if n, err := strconv.Atoi(os.Getenv("SCRIPTS")); err == nil {
		number = n
	}
	if n, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64); err == nil {
		seed = n
	}
	w := &wanderer{author: author{Rand: rand.New(rand.NewPCG(seed, 3))}}
	redis, ours := startReal(t), newDriver(t)
	looking := commandLines(strings.Split("m 0|"+strings.Repeat("s|p|t|", 100), "|")...)
	for i := range number {
		w.made = 0
		var b strings.Builder
		b.WriteString("local x , y , t = 1 , 's' , { n = 2 , a = 'a' }\n")
		w.walk(&b, 6, 0)
		source := b.String()
		if i%2 == 1 {
			source = w.scattered(source)
		}
		redis.call("FLUSHALL")
		ours.call("a", "FLUSHALL")
		commands := looking
		if i%4 < 2 {
			commands = nil
		}
		want := transcript(realDebugger{redis.again()}, "yes", source, commands)
		got := transcript(ourDebugger{ours, fmt.Sprint("debugger", i)}, "yes", source, commands)
		sameTranscript(t, want, got, source)
	}
}

// sameTranscript compares what two sessions said, and shows where they part.
func sameTranscript(t *testing.T, want, got []string, source string) {
	t.Helper()
	for i := range max(len(want), len(got)) {
		a, b := "nothing", "nothing"
		if i < len(want) {
			a = want[i]
		}
		if i < len(got) {
			b = got[i]
		}
		require.Equal(t, a, b, "reply %d for\n%s", i, source)
	}
}
