package tracking

import (
	"maps"
	"slices"
	"strings"
)

// audience is who wants to hear of the keys with one prefix, and which have changed since they were told.
type audience[C Client] struct {
	clients []C
	changed map[string]change[C]
}

// change is who changed a key last; nobody when time did.
type change[C Client] struct {
	by    C
	known bool
}

func (t *Table[C]) join(c C, prefix string) {
	a := t.prefixes[prefix]
	if a == nil {
		a = &audience[C]{changed: map[string]change[C]{}}
		t.prefixes[prefix] = a
	}
	a.clients = append(a.clients, c)
}

func (t *Table[C]) leave(c C, prefix string) {
	a := t.prefixes[prefix]
	a.clients = slices.DeleteFunc(a.clients, func(o C) bool { return o == c })
	if len(a.clients) == 0 {
		delete(t.prefixes, prefix)
	}
}

// note remembers a changed key for everybody who wants to hear of it.
func (t *Table[C]) note(key []byte) {
	by, known := t.host.Running()
	for prefix, a := range t.prefixes {
		if strings.HasPrefix(string(key), prefix) {
			a.changed[string(key)] = change[C]{by, known}
		}
	}
}

// Broadcast tells everybody which keys with their prefixes have changed since the last time. It comes
// before the server sleeps (trackingBroadcastInvalidationMessages).
func (t *Table[C]) Broadcast() {
	if len(t.prefixes) == 0 {
		return
	}
	for _, prefix := range slices.Sorted(maps.Keys(t.prefixes)) {
		a := t.prefixes[prefix]
		if len(a.changed) == 0 {
			continue
		}
		keys := slices.Sorted(maps.Keys(a.changed))
		all := keysOf(keys...)
		for _, c := range a.clients {
			message := all
			if c.Tracks().noLoop {
				message = keysOf(a.others(keys, c)...)
			}
			if message != nil {
				t.send(c, message)
			}
		}
		clear(a.changed)
	}
}

// others are the keys that somebody else than c has changed.
func (a *audience[C]) others(keys []string, c C) []string {
	var others []string
	for _, key := range keys {
		if last := a.changed[key]; !last.known || last.by != c {
			others = append(others, key)
		}
	}
	return others
}
