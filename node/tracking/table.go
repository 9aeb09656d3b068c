package tracking

import (
	"slices"

	"clusterplay/node/resp"
)

// Client is a connection that may track.
type Client interface {
	comparable
	ID() uint64
	// Tracks is the connection's own part of what the Table knows.
	Tracks() *Tracker
}

// Host is the server around a Table.
type Host[C Client] interface {
	// To is where a connection's messages are written.
	To(c C) *resp.Writer
	// ByID finds a connection.
	ByID(id uint64) (c C, there bool)
	// Subscribed reports whether a connection listens to a channel, a pattern or a shard channel.
	Subscribed(c C) bool
	// Running is the connection whose command runs now, if one does.
	Running() (c C, running bool)
	// All are the connections, by ascending id.
	All() []C
	// Rand returns a pseudo-random number in [0, n).
	Rand(n int) int
}

// Table is who has read what, and who wants to hear of which prefixes.
type Table[C Client] struct {
	host    Host[C]
	clients int // that track

	keys  []entry        // in no order
	at    map[string]int // by key: its place in keys
	items int            // ids in all entries

	prefixes map[string]*audience[C]
	pending  []invalidation // for the connection whose command runs: they follow its reply
	over     int            // how often in a row there were still too many keys
}

// entry is one key and the connections that have read it, in the order of reading. They may be gone
// since.
type entry struct {
	key string
	ids []uint64
}

// invalidation is one key that is not what it was, or all of them.
type invalidation struct {
	key string
	all bool
}

// New makes an empty Table.
func New[C Client](host Host[C]) Table[C] {
	return Table[C]{host: host, at: map[string]int{}, prefixes: map[string]*audience[C]{}}
}

// Clients is the number of connections that track.
func (t *Table[C]) Clients() int { return t.clients }

// Keys is the number of keys somebody has read.
func (t *Table[C]) Keys() int { return len(t.keys) }

// Items is the number of pairs of a key and a connection that has read it.
func (t *Table[C]) Items() int { return t.items }

// Prefixes is the number of prefixes somebody wants to hear of.
func (t *Table[C]) Prefixes() int { return len(t.prefixes) }

// Idle tells that nobody tracks and nothing is remembered: then nothing needs to be told here.
func (t *Table[C]) Idle() bool { return t.clients == 0 && len(t.keys) == 0 }

// Remember notes that a connection has read a key.
func (t *Table[C]) Remember(c C, key []byte) {
	i, known := t.at[string(key)]
	if !known {
		i = len(t.keys)
		name := string(key)
		t.at[name] = i
		t.keys = append(t.keys, entry{key: name})
	}
	if e := &t.keys[i]; !slices.Contains(e.ids, c.ID()) {
		e.ids = append(e.ids, c.ID())
		t.items++
	}
}

// Changed tells whoever has read a key, and notes it for whoever listens to a prefix of it
// (trackingInvalidateKey).
func (t *Table[C]) Changed(key []byte) {
	if len(t.prefixes) > 0 {
		t.note(key)
	}
	if i, known := t.at[string(key)]; known {
		t.invalidate(i)
	}
}

// invalidate forgets one key and tells its readers.
func (t *Table[C]) invalidate(i int) {
	e := t.keys[i]
	last := len(t.keys) - 1
	t.keys[i] = t.keys[last]
	t.at[t.keys[i].key] = i
	t.keys[last] = entry{}
	t.keys = t.keys[:last]
	delete(t.at, e.key)
	t.items -= len(e.ids)
	running, runs := t.host.Running()
	for _, id := range e.ids {
		c, there := t.host.ByID(id)
		switch {
		case !there || !c.Tracks().on || c.Tracks().broadcast:
		case runs && c == running && c.Tracks().noLoop:
		case runs && c == running:
			t.pending = append(t.pending, invalidation{key: e.key})
		default:
			t.send(c, keysOf(e.key))
		}
	}
}

// Flushed tells everybody that all keys are gone (trackingInvalidateKeysOnFlush).
func (t *Table[C]) Flushed() {
	if t.clients > 0 {
		running, runs := t.host.Running()
		for _, c := range t.host.All() {
			switch {
			case !c.Tracks().on:
			case runs && c == running:
				t.pending = append(t.pending, invalidation{all: true})
			default:
				t.send(c, null(t.host.To(c).Proto))
			}
		}
	}
	t.keys, t.items = nil, 0
	clear(t.at)
}

// Settle sends the connection whose command has just run what was kept back for it, so that it comes
// after the reply. Every command ends with it.
func (t *Table[C]) Settle(c C) {
	if len(t.pending) == 0 {
		return
	}
	for _, p := range t.pending {
		if p.all {
			t.send(c, null(t.host.To(c).Proto))
		} else {
			t.send(c, keysOf(p.key))
		}
	}
	t.pending = t.pending[:0]
}

// effort is how many keys one Limit gives up; it grows with the number of times in a row that was too
// few.
const effort = 100

// Limit gives keys up, chosen by chance, while there are more than most; 0 is no limit
// (trackingLimitUsedSlots).
func (t *Table[C]) Limit(most int64) {
	if most == 0 || int64(len(t.keys)) <= most {
		t.over = 0
		return
	}
	for range effort * (t.over + 1) {
		t.invalidate(t.host.Rand(len(t.keys)))
		if int64(len(t.keys)) <= most {
			t.over = 0
			return
		}
	}
	t.over++
}
