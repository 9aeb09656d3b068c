package script

import (
	"bytes"
	"testing"

	"clusterplay/node/hostile"
	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// echo is a server for scripts: each command answers its own first word.
type echo struct{}

func (echo) Command(_ *Run, args [][]byte) ([]byte, string) {
	var w resp.Writer
	w.Bulk(args[0])
	return w.Buf, ""
}

func (echo) Allowed(*Run, [][]byte) (allowed, known bool) { return true, true }
func (echo) Log(int, string)                              {}

// Interrupt ends what runs for long: somebody may have typed a loop.
func (echo) Interrupt(run *Run) { run.Killed = run.Interrupts > 50 }

// typed is a client that has sent everything already and then goes.
type typed struct {
	in  []byte
	out []byte
}

func (c *typed) Write(b []byte) { c.out = append(c.out, b...) }
func (c *typed) Begin()         {}

func (c *typed) Read() []byte {
	n := min(len(c.in), ReadSize)
	if n == 0 {
		return nil
	}
	read := c.in[:n]
	c.in = c.in[n:]
	return read
}

const debuggedScript = `local a = {1, 2, {x = 'y'}}
for i = 1, 3 do
  a[i] = redis.call('get', KEYS[1])
end
redis.breakpoint()
redis.debug(a)
return a`

// debug lets a client type to the debugger of a script, and returns what it was told.
func debug(e *Engine, input []byte) (out []byte, reply string) {
	c := &typed{in: input}
	d := NewDebugger(c, debuggedScript)
	s, _ := e.Load(debuggedScript)
	var w resp.Writer
	e.EvalTraced(s, &Run{Name: s.SHA, Eval: true}, Call{Keys: [][]byte{[]byte("k")}, Reply: &w, OnError: func(string, bool) {}}, d)
	d.End()
	return c.out, string(w.Buf)
}

// said is a command as redis-cli sends it.
func said(words ...string) []byte { return resp.AppendWords(nil, words...) }

// typing are things that people, and others, may type.
func typing() (inputs [][]byte) {
	good := bytes.Join([][]byte{said("s"), said("b", "3", "-2", "0"), said("p"), said("l", "1", "99"), said("m", "0"), said("c")}, nil)
	inputs = append(inputs, good, said("e", "('x'):rep(1000)"), said("e", "{a,KEYS,{{{}}}}"), said("r", "get", "k"), said("a"), said("t"),
		[]byte("*1\r\n$0\r\n\r\n"), []byte("x"), []byte("*99999999999\r\n"), []byte("*1\r\n$-1\r\n"), []byte("\x00*1\r\n$1\r\ns\r\n"),
		bytes.Repeat([]byte("*1024\r\n"), 100), append([]byte("*1024\r\n"), bytes.Repeat([]byte("$1\r\nx\r\n"), 1023)...))
	return append(inputs, hostile.Variants(good, 20)...)
}

// FuzzDebugger types to a debugger: whatever comes, what it says is whole arrays of status lines, the last of them ends
// the session, the script has a reply, and memory stays in proportion.
func FuzzDebugger(f *testing.F) {
	for _, input := range typing() {
		f.Add(input)
	}
	e := New(echo{})
	debug(e, nil)
	f.Fuzz(func(t *testing.T, input []byte) {
		typed := bytes.ToLower(input)
		if bytes.Contains(typed, []byte("\r\neval")) || bytes.Contains(typed, []byte("\r\ne\r")) {
			t.Skip("Lua may take what a script may take")
		}
		var out []byte
		var reply string
		hostile.Bound(t, len(input), func() { out, reply = debug(e, bytes.Clone(input)) })
		last := ""
		for len(out) > 0 {
			v, n, err := resp.ReadReply(out)
			require.NoError(t, err)
			require.Positive(t, n, "half an array: %q", out)
			require.NotEmpty(t, v.List)
			for _, line := range v.List {
				require.Equal(t, resp.KindStatus, line.Kind)
			}
			last, out = v.List[len(v.List)-1].Text, out[n:]
		}
		require.Equal(t, "<endsession>", last)
		_, n, err := resp.ReadReply([]byte(reply))
		require.NoError(t, err)
		require.Equal(t, len(reply), n)
	})
}

func TestACommandInPiecesIsOneCommand(t *testing.T) {
	whole := append([]byte("noise"), said("print", "KEYS")...)
	for cut := range len(whole) {
		words, mistake := parseDebug(whole[:cut])
		require.Nil(t, words, "after %d bytes", cut)
		require.Equal(t, 0 < cut && cut <= len("noise"), mistake, "after %d bytes", cut)
	}
	words, mistake := parseDebug(whole)
	require.Equal(t, []string{"print", "KEYS"}, words)
	require.False(t, mistake)
}
