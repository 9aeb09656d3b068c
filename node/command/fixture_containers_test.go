package command

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// sharedTable is built once; tables are only read.
var sharedTable = NewTable()

// bench runs commands on a space of its own and remembers what the server was told.
type bench struct {
	t        testing.TB
	space    *keyspace.Space
	db       *keyspace.DB
	rnd      *rand.Rand
	now      int64
	proto    int
	settings map[string]int64
	noBlock  bool

	told    []string // "event key" of the last command, and "ready key"
	effects Effects  // of the last command
	parked  *parkedCommand
}

// parkedCommand is what the last blocking command asked for.
type parkedCommand struct {
	args     [][]byte
	keys     []string
	deadline int64
	timeout  func(w *resp.Writer)
}

func newBench(t testing.TB) *bench {
	b := &bench{
		t: t, now: 1_000_000, proto: 2, rnd: rand.New(rand.NewPCG(1, 2)),
		space: keyspace.NewSpace(keyspace.Config{Seed: keyspace.NewSeed(1)}),
		settings: map[string]int64{
			"set-max-intset-entries": 512, "hash-max-listpack-entries": 512, "hash-max-listpack-value": 64,
			"zset-max-listpack-entries": 128, "zset-max-listpack-value": 64,
		},
	}
	b.db = b.space.DB(0)
	return b
}

func (b *bench) Modified(_ *keyspace.DB, key []byte, event string) {
	b.told = append(b.told, event+" "+string(key))
}

func (b *bench) Flushed(*keyspace.DB) {}

func (b *bench) Ready(_ *keyspace.DB, key []byte) { b.told = append(b.told, "ready "+string(key)) }

func (b *bench) Block(c *Context, keys [][]byte, deadline int64, timeout func(w *resp.Writer)) {
	b.parked = &parkedCommand{args: cloneAll(c.Args), deadline: deadline, timeout: timeout}
	for _, key := range keys {
		b.parked.keys = append(b.parked.keys, string(key))
	}
}

func (b *bench) Setting(name string) string { return fmt.Sprint(b.SettingInt(name)) }

func (b *bench) SettingInt(name string) int64 {
	n, ok := b.settings[name]
	require.True(b.t, ok, "no setting %s", name)
	return n
}

func (b *bench) Rand(n int) int { return b.rnd.IntN(n) }

// run executes one command and returns its reply as it goes over the wire.
func (b *bench) run(words ...string) string {
	args := make([][]byte, len(words))
	for i, w := range words {
		args[i] = []byte(w)
	}
	return b.call(args, false)
}

// do is run for a command written in one line; a word in double quotes may be empty.
func (b *bench) do(line string) string {
	words := strings.Fields(line)
	for i, w := range words {
		words[i] = strings.Trim(w, `"`)
	}
	return b.run(words...)
}

func (b *bench) call(args [][]byte, woken bool) string {
	cmd, _ := sharedTable.Resolve(args)
	require.NotNil(b.t, cmd, "no command %s", args[0])
	if !cmd.Accepts(len(args)) {
		return "-" + resp.WrongArgs(cmd.Full) + "\r\n"
	}
	b.told, b.parked = nil, nil
	c := &Context{
		Now: b.now, Args: args, Cmd: cmd, DB: b.db, Space: b.space, Host: b, Woken: woken, NoBlock: b.noBlock,
	}
	c.Proto = b.proto
	require.NotNil(b.t, cmd.Run, "%s has no handler", cmd.Full)
	cmd.Run(c)
	b.effects = c.Effects
	return string(c.Buf)
}

// wake runs the parked command again.
func (b *bench) wake() string {
	require.NotNil(b.t, b.parked, "nothing is blocked")
	return b.call(b.parked.args, true)
}

// timeout returns what the parked command answers when its time is over.
func (b *bench) timeout() string {
	require.NotNil(b.t, b.parked, "nothing is blocked")
	w := resp.Writer{Proto: b.proto}
	b.parked.timeout(&w)
	return string(w.Buf)
}

// propagated returns the commands that the last command sends to replicas, "verbatim" for itself.
func (b *bench) propagated() string {
	e := &b.effects
	switch {
	case e.Silent:
		return ""
	case e.Instead != nil:
		lines := make([]string, len(e.Instead))
		for i, words := range e.Instead {
			lines[i] = joined(words)
		}
		return strings.Join(lines, "; ")
	case e.Dirty == 0:
		return ""
	case e.Rewritten != nil:
		return joined(e.Rewritten)
	}
	return "verbatim"
}

func joined(words [][]byte) string {
	text := make([]string, len(words))
	for i, w := range words {
		text[i] = string(w)
	}
	return strings.Join(text, " ")
}

// plain writes a reply without its line ends, for tables: "*2 $1 a $1 b".
func plain(reply string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(reply, "\r\n", " ")), " ")
}
