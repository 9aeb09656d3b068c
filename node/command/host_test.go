package command

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// testHost is a server of one client: enough of one to execute commands, with the settings of a
// redis.conf that says nothing. It keeps what was propagated and which events were told.
type testHost struct {
	table    *Table
	context  Context
	settings map[string]string
	random   *rand.Rand

	stream  [][]string // what replicas would get
	events  []string   // "set k", in order
	blocked []string   // keys of the last Block
	until   int64      // the deadline of the last Block
	ready   []string   // keys told to be ready by the last command
}

func newTestHost() *testHost {
	space := keyspace.NewSpace(keyspace.Config{Seed: keyspace.NewSeed(1)})
	h := &testHost{table: NewTable(), random: rand.New(rand.NewPCG(1, 2))}
	h.settings = map[string]string{
		"hash-max-listpack-entries": "512", "hash-max-listpack-value": "64",
		"set-max-intset-entries": "512", "list-max-listpack-size": "-2",
		"hll-sparse-max-bytes":      "3000",
		"zset-max-listpack-entries": "128", "zset-max-listpack-value": "64",
		"stream-node-max-bytes": "4096", "stream-node-max-entries": "100",
		"proto-max-bulk-len": "536870912", "maxmemory-policy": "noeviction", "cluster-enabled": "no",
	}
	h.context = Context{Host: h, Space: space, DB: space.DB(0), Now: 1_700_000_000_000}
	space.OnExpired = func(db *keyspace.DB, key string, _ bool) {
		h.stream = append(h.stream, []string{"DEL", key})
		h.Modified(db, []byte(key), "expired")
	}
	return h
}

func (h *testHost) Unsealed() bool               { return false }
func (h *testHost) Damaged(string, error)        {}
func (h *testHost) Overflows(*Context, int) bool { return false }

func (h *testHost) ReadsAnyKey(*Context) bool { return true }

func (h *testHost) Modified(db *keyspace.DB, key []byte, event string) {
	if event != "" {
		h.events = append(h.events, fmt.Sprintf("%s %s", event, key))
	}
}
func (h *testHost) Notify(db *keyspace.DB, key []byte, event string) { h.Modified(db, key, event) }
func (h *testHost) Flushed(...*keyspace.DB)                          {}
func (h *testHost) Ready(_ *keyspace.DB, key []byte)                 { h.ready = append(h.ready, string(key)) }
func (h *testHost) Setting(name string) string                       { return h.settings[name] }
func (h *testHost) Rand(n int) int                                   { return h.random.IntN(n) }
func (h *testHost) SettingInt(name string) int64 {
	n, _ := strconv.ParseInt(h.settings[name], 10, 64)
	return n
}

// Block answers at once as if the time had run out.
func (h *testHost) Block(c *Context, keys [][]byte, deadline int64, timeout func(w *resp.Writer)) {
	h.until = deadline
	for _, key := range keys {
		h.blocked = append(h.blocked, string(key))
	}
	timeout(&c.Writer)
}

// do executes one command and returns the reply as it goes to the client.
func (h *testHost) do(args ...string) string {
	c := &h.context
	c.Args = nil
	for _, arg := range args {
		c.Args = append(c.Args, []byte(arg))
	}
	c.Buf, c.Effects, h.events, h.ready, h.blocked = nil, Effects{}, nil, nil, nil
	cmd, parent := h.table.Resolve(c.Args)
	switch {
	case cmd == nil && parent != nil:
		c.Error(resp.UnknownSubcommand(parent.Name, args[1]))
	case cmd == nil:
		c.Error(resp.UnknownCommand(c.Args))
	case !cmd.Accepts(len(args)):
		c.Error(resp.WrongArgs(cmd.Full))
	default:
		c.Cmd = cmd
		cmd.Run(c)
		h.propagate()
	}
	return string(c.Buf)
}

// propagate adds to the stream what the command asks for, in the order the server does.
func (h *testHost) propagate() {
	e := &h.context.Effects
	if e.Dirty == 0 && e.Instead == nil || e.Silent {
		return
	}
	switch {
	case e.Instead != nil:
		for _, words := range e.Instead {
			h.stream = append(h.stream, stringsOf(words))
		}
	case e.Rewritten != nil:
		h.stream = append(h.stream, stringsOf(e.Rewritten))
	default:
		h.stream = append(h.stream, stringsOf(h.context.Args))
	}
}

func stringsOf(words [][]byte) []string {
	out := make([]string, len(words))
	for i, word := range words {
		out[i] = string(word)
	}
	return out
}
