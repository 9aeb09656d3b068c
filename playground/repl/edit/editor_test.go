package edit

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// typed is an editor in which something was typed, and its screen.
func typed(t *testing.T, e *Editor, text string) (*screen, []string) {
	t.Helper()
	s := newScreen(e.columns())
	e.Start()
	s.write(e.Output())
	var lines []string
	for rest := []byte(text); len(rest) > 0; {
		var o Outcome
		rest, o = e.Feed(rest)
		s.write(e.Output())
		if o == Entered || o == Interrupted {
			lines = append(lines, e.Line())
			e.Start()
			s.write(e.Output())
		}
	}
	return s, lines
}

const (
	up, down, left, right = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C"
	enter                 = "\r"
)

func TestKeysEditTheLine(t *testing.T) {
	for _, row := range []struct{ name, keys, want string }{
		{"characters", "get a", "> get a|"},
		{"several bytes", "键é", "> 键é|"},
		{"insert in the middle", "gt" + left + "e", "> ge|t"},
		{"Ctrl-B and Ctrl-F", "ab\x02\x02\x06x", "> ax|b"},
		{"the ends", "bc\x01a\x05d\x1b[H_\x1b[F_", "> _abcd_|"},
		{"home and end by number", "b\x1b[1~a\x1b[4~c\x1bOH.", "> .|abc"},
		{"no further than the ends", left + "a" + right + right + "b", "> ab|"},
		{"backspace", "ab\x7f", "> a|"},
		{"Ctrl-H", "ab\x08", "> a|"},
		{"backspace at the beginning", "a\x01\x7f", "> |a"},
		{"delete", "abc\x01\x1b[3~", "> |bc"},
		{"Ctrl-D in a line deletes", "abc\x01\x04", "> |bc"},
		{"Ctrl-K", "get abc" + left + left + left + "\x0b", "> get |"},
		{"Ctrl-U takes the whole line", "get abc" + left + "\x15", "> |"},
		{"Ctrl-W", "set key  value \x17", "> set key  |"},
		{"Ctrl-W takes a word, Ctrl-Y brings it back", "set key\x17\x19\x19", "> set keykey|"},
		{"words left", "set key value\x1b[1;5D\x1b[1;5D.", "> set .|key value"},
		{"words right", "set key\x01\x1b[1;5C.", "> set.| key"},
		{"words by Alt", "set key value\x1bb\x1bbx\x1bf.", "> set xkey.| value"},
		{"Alt-D", "set key value\x01\x1bd", "> | key value"},
		{"Alt-Backspace", "set key\x1b\x7f", "> set |"},
		{"Ctrl-T", "ab\x14", "> ba|"},
		{"Ctrl-T inside", "abc\x01\x06\x14", "> ba|c"},
		{"Ctrl-L", "abc\x0c", "> abc|"},
		{"keys that mean nothing", "a\x1b[15~\x1b[200~b\x1b[201~\x1bx\x00\x1f", "> ab|"},
		{"a sequence that never ends", "a\x1b[" + strings.Repeat("1", 30) + "b", "> a" + strings.Repeat("1", 16) + "b|"},
		{"bytes that are no characters", "a\xffb", "> ab|"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, _ := typed(t, &Editor{Prompt: "> "}, row.keys)
			require.Equal(t, row.want, s.String())
		})
	}
}

func TestALineEndsInThreeWays(t *testing.T) {
	e := &Editor{Prompt: "> "}
	e.Start()
	rest, o := e.Feed([]byte("ping\rmore"))
	require.Equal(t, Entered, o)
	require.Equal(t, "ping", e.Line())
	require.Equal(t, "more", string(rest), "what was typed ahead is the next line's")
	e.Start()
	_, o = e.Feed([]byte("half\x03"))
	require.Equal(t, Interrupted, o)
	require.Equal(t, "half", e.Line())
	e.Start()
	_, o = e.Feed([]byte("\x04"))
	require.Equal(t, Ended, o)
	require.Equal(t, []string{"ping"}, e.History.Lines(), "what was given up is not remembered")
}

func TestAKeyMayComeInPieces(t *testing.T) {
	e := &Editor{Prompt: "> "}
	e.Start()
	for _, b := range []byte("a键" + left + left + "\x1b[1;5C!") {
		_, o := e.Feed([]byte{b})
		require.Equal(t, More, o)
	}
	require.Equal(t, "a键!", e.Line())
}

func TestHistoryIsWalkedAndTheDraftKept(t *testing.T) {
	for _, row := range []struct{ name, keys, want string }{
		{"up", up, "> three|"},
		{"up and up", up + up, "> two|"},
		{"past the oldest", strings.Repeat(up, 9), "> one|"},
		{"back to the draft", "dra" + up + up + down + down, "> dra|"},
		{"past the draft", "dra" + down, "> dra|"},
		{"Ctrl-P and Ctrl-N", "\x10\x10\x0e", "> three|"},
		{"an edited line of the past does not change it", up + "!" + up + down, "> three|"},
		{"search", "\x12t", "(reverse-i-search)`t': |three"},
		{"search for more", "\x12tw", "(reverse-i-search)`tw': |two"},
		{"the next older", "\x12o\x12", "(reverse-i-search)`o': |one"},
		{"nothing older", "\x12o\x12\x12", "(failed reverse-i-search)`o': |one"},
		{"less to search for", "\x12tw\x7f", "(reverse-i-search)`t': |three"},
		{"take it by moving", "\x12tw\x05!", "> two!|"},
		{"take it by Esc", "\x12tw\x1b\x1b[C!", "> t!|wo"},
		{"give it up", "dra\x12tw\x07", "> dra|"},
		{"up from what was found", "\x12tw" + up, "> one|"},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := &Editor{Prompt: "> ", History: &History{}}
			for _, line := range []string{"one", "two", "two", "three"} {
				e.History.Add(line)
			}
			s, _ := typed(t, e, row.keys)
			require.Equal(t, row.want, s.String())
		})
	}
}

func TestHistoryForgetsTheOldestAndKeepsNoSecret(t *testing.T) {
	e := &Editor{History: &History{Limit: 2}, Secret: func(line string) bool { return strings.HasPrefix(line, "auth") }}
	_, lines := typed(t, e, "a\rb\rauth pw\rc\r\r"+"x\x03")
	require.Equal(t, []string{"a", "b", "auth pw", "c", "", "x"}, lines)
	require.Equal(t, []string{"b", "c"}, e.History.Lines())
}

func TestTabWalksThroughWhatMayBeMeant(t *testing.T) {
	complete := func(line string) []string {
		switch line {
		case "cl":
			return []string{"CLIENT", "CLUSTER"}
		case "pi":
			return []string{"PING"}
		}
		return nil
	}
	for _, row := range []struct{ name, keys, want string }{
		{"one", "pi\t", "> PING|"},
		{"none", "x\t", "> x|"},
		{"the first", "cl\t", "> CLIENT|"},
		{"the second", "cl\t\t", "> CLUSTER|"},
		{"round again", "cl\t\t\t", "> cl|"},
		{"and again", "cl\t\t\t\t", "> CLIENT|"},
		{"backwards", "cl\t\x1b[Z", "> cl|"},
		{"Esc takes it back", "cl\t\x1b\x1b[C", "> cl|"},
		{"go on typing", "cl\t\t nodes", "> CLUSTER nodes|"},
		{"not in the middle", "pi" + left + "\t", "> p|i"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, _ := typed(t, &Editor{Prompt: "> ", Complete: complete}, row.keys)
			require.Equal(t, row.want, s.String())
		})
	}
}

func TestAHintStandsBehindTheLine(t *testing.T) {
	hint := func(string) string { return " key value [NX|XX]" }
	for _, row := range []struct {
		name, keys, want, grey string
		columns                int
	}{
		{"at the end", "set", "> set| key value [NX|XX]", " key value [NX|XX]", 40},
		{"not on an empty line", "", "> |", "", 40},
		{"not while the cursor is elsewhere", "set" + left, "> se|t", "", 40},
		{"cut at a word", "set", "> set| key", " key", 14},
		{"no room", "set aaa", "> set aaa|", "", 10},
		{"gone with the line", "set\r", "> set\n> |", "", 40},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, _ := typed(t, &Editor{Prompt: "> ", Width: row.columns, Hint: hint}, row.keys)
			require.Equal(t, row.want, s.String())
			require.Equal(t, row.grey, s.hint)
		})
	}
}

func TestALongLineGoesOnInTheNextRow(t *testing.T) {
	for _, row := range []struct{ name, keys, want string }{
		{"exactly full", "12345678", "> 12345678\n|"},
		{"two rows", "123456789", "> 12345678\n9|"},
		{"back into the first", "123456789" + left + left, "> 1234567|8\n9"},
		{"shorter again", "123456789\x7f\x7f", "> 1234567|"},
		{"insert above", "123456789\x01x", "> x|1234567\n89"},
		{"a wide character does not fit", "1234567键x", "> 1234567\n键x|"},
		{"wide characters", "键键键键键", "> 键键键键\n键|"},
		{"three rows and home", "12345678901234567890\x01", "> |12345678\n9012345678\n90"},
		{"enter from the first row", "123456789\x01\rx", "> 12345678\n9\n> x|"},
		{"give up from the first row", "123456789\x01\x03", "> 12345678\n9^C\n> |"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, _ := typed(t, &Editor{Prompt: "> ", Width: 10}, row.keys)
			require.Equal(t, row.want, s.String())
		})
	}
}

// Whatever is pressed, the screen shows the prompt and the line, and the cursor is in it.
func TestTheScreenAlwaysShowsTheLine(t *testing.T) {
	keys := []string{"a", "b", " ", "键", left, right, up, down, "\x01", "\x05", "\x0b", "\x15", "\x17", "\x19", "\x14", "\x7f", "\x1b[3~", "\x1bb", "\x1bf"}
	rapid.Check(t, func(t *rapid.T) {
		e := &Editor{Prompt: "> ", Width: rapid.IntRange(8, 20).Draw(t, "width"), History: &History{}}
		e.History.Add("an older line that is long")
		s := newScreen(e.columns())
		e.Start()
		s.write(e.Output())
		for _, k := range rapid.SliceOfN(rapid.SampledFrom(keys), 0, 60).Draw(t, "keys") {
			_, o := e.Feed([]byte(k))
			require.Equal(t, More, o)
			s.write(e.Output())
			shown := strings.NewReplacer("\n", "", "|", "", " ", "").Replace(s.String())
			require.Equal(t, strings.ReplaceAll(">"+e.Line(), " ", ""), shown)
			before := strings.NewReplacer("\n", "", " ", "").Replace(strings.Split(s.String(), "|")[0])
			require.Equal(t, strings.ReplaceAll(">"+string(e.line[:e.at]), " ", ""), before)
		}
	})
}

func TestAPastedFileIsCutOffAtALimit(t *testing.T) {
	e := &Editor{Prompt: "> "}
	e.Start()
	_, o := e.Feed([]byte(strings.Repeat("x", maxLine+10)))
	require.Equal(t, More, o)
	require.Len(t, e.Line(), maxLine)
}
