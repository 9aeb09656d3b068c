package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// Context is one execution of one command: what it may read, what it changed, what it answered.
// The server makes one per client and reuses it; handlers keep no reference to it or its Args.
type Context struct {
	resp.Writer // the reply

	Now   int64    // milliseconds since 1970, the same for the whole unit (MULTI…EXEC)
	Args  [][]byte // Args[0] is the command's name as the client spelled it
	Cmd   *Command
	DB    *keyspace.DB
	Space *keyspace.Space

	NoBlock bool   // inside MULTI: a command that would block answers as if its time had run out
	Script  bool   // the command comes from a script, which never waits
	Woken   bool   // this is a blocked command tried again because one of its keys may be ready
	WokenBy []byte // with Woken: the key that became ready, which is served before its others
	Master  bool   // the command comes down the replication stream: no limits, no expiry of our own

	Effects Effects // what the server propagates and counts
	Room    *Room   // where the words of Effects are, until their unit has been propagated
	Host    Host
}

// Host is what a command may ask of the server around it.
type Host interface {
	// Modified tells that key in db changed: watchers are marked, readers of the event name
	// (keyspace notifications: "set", "lpush", "del") are told.
	Modified(db *keyspace.DB, key []byte, event string)
	// Notify tells readers of the event name only: what it is about is nothing that WATCH watches.
	Notify(db *keyspace.DB, key []byte, event string)
	// Flushed tells that databases were emptied: watchers of all their keys are marked.
	Flushed(dbs ...*keyspace.DB)
	// Ready tells that a key now holds a value of the kind for which clients may be blocked.
	Ready(db *keyspace.DB, key []byte)
	// Block parks the client until one of keys is Ready or the deadline passes (ms since 1970,
	// 0 = never). When woken, the command's handler runs again with Woken set; it may Block
	// again and keeps its place in the queue. At the deadline timeout writes the reply.
	Block(c *Context, keys [][]byte, deadline int64, timeout func(w *resp.Writer))
	// ReadsAnyKey tells whether the user of the running command may read every key, which patterns
	// that make up names of keys ask for.
	ReadsAnyKey(c *Context) bool
	// Setting returns a configuration parameter by its redis.conf name.
	Setting(name string) string
	// SettingInt returns a numeric configuration parameter, such as hash-max-listpack-entries.
	SettingInt(name string) int64
	// Overflows tells of a reply that is not made because it would have more than so many bytes. It reports whether the
	// client may not have so much waiting for it: its connection is closed then, as if the reply had been made.
	Overflows(c *Context, bytes int) bool
	// Unsealed tells that payloads of RESTORE are taken without a look at their checksum.
	Unsealed() bool
	// Damaged tells the log why a payload of RESTORE cannot be read, and which packed form it should have.
	Damaged(form string, err error)
	// Rand returns a pseudo-random number in [0, n). It is the server's own, seeded stream.
	Rand(n int) int
}

// Effects is what one command did to the data set. The zero Effects is "changed nothing".
//
// If Dirty is 0 and nothing is in Also, nothing is propagated. Otherwise the server propagates
// Rewritten when it is set, else the command as the client sent it, then everything in Also.
type Effects struct {
	Dirty     int        // how many changes; rdb_changes_since_last_save counts them
	Rewritten [][]byte   // the form in which the command is propagated; nil means verbatim
	Instead   [][][]byte // when not nil: exactly these commands are propagated and nothing else
	Silent    bool       // propagate nothing although something changed
}

// Changed counts n changes to the data set.
func (c *Context) Changed(n int) { c.Effects.Dirty += n }

// Rewrite makes the propagated form of this command the given words.
func (c *Context) Rewrite(words ...string) {
	c.Effects.Rewritten = c.Room.command(len(words))
	for i, w := range words {
		c.Effects.Rewritten[i] = []byte(w)
	}
}

// RewriteBytes is Rewrite for binary arguments; the slices are copied.
func (c *Context) RewriteBytes(words ...[]byte) { c.Effects.Rewritten = c.Room.copyAll(words) }

// Instead adds one command to those that are propagated in place of this one (SPOP with count).
func (c *Context) Instead(words ...[]byte) {
	c.Effects.Instead = append(c.Effects.Instead, c.Room.copyAll(words))
}

// Modified tells the server that key changed; event is Redis' keyspace event name.
func (c *Context) Modified(key []byte, event string) { c.Host.Modified(c.DB, key, event) }

// Notify tells of a keyspace event that WATCH does not see.
func (c *Context) Notify(key []byte, event string) { c.Host.Notify(c.DB, key, event) }

// Ready tells the server that blocked clients may be served from key.
func (c *Context) Ready(key []byte) { c.Host.Ready(c.DB, key) }

// Block parks the client; inside MULTI, or when it may not block, it answers the timeout reply.
func (c *Context) Block(keys [][]byte, deadline int64, timeout func(w *resp.Writer)) {
	if c.NoBlock || c.Master {
		timeout(&c.Writer)
		return
	}
	c.Host.Block(c, keys, deadline, timeout)
}
