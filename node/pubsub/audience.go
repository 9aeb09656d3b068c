package pubsub

import (
	"cmp"
	"maps"
	"slices"

	"clusterplay/node/command"
)

// Listener is what one client listens to. The zero Listener listens to nothing.
type Listener struct {
	channels, patterns, shard names
}

// Channels is the number of channels.
func (l *Listener) Channels() int { return len(l.channels) }

// Patterns is the number of patterns.
func (l *Listener) Patterns() int { return len(l.patterns) }

// ShardChannels is the number of shard channels.
func (l *Listener) ShardChannels() int { return len(l.shard) }

// Count is the number of channels and patterns, as SUBSCRIBE answers it.
func (l *Listener) Count() int { return len(l.channels) + len(l.patterns) }

// Any reports whether the client listens to anything at all.
func (l *Listener) Any() bool { return l.Count()+len(l.shard) > 0 }

// All reports whether everything the client listens to satisfies a condition; pattern tells what is a
// pattern.
func (l *Listener) All(may func(name string, pattern bool) bool) bool {
	for name := range l.patterns {
		if !may(name, true) {
			return false
		}
	}
	for _, set := range []names{l.channels, l.shard} {
		for name := range set {
			if !may(name, false) {
				return false
			}
		}
	}
	return true
}

// names is the set of names one client listens to; the number is the order of subscribing.
type names map[string]uint64

// inOrder lists the names in the order of subscribing.
func (s names) inOrder() []string {
	list := slices.Collect(maps.Keys(s))
	slices.SortFunc(list, func(a, b string) int { return cmp.Compare(s[a], s[b]) })
	return list
}

// audience is everybody who listens to something, by name, each list in the order of subscribing.
type audience[C comparable] map[string][]C

// join adds c to a name unless it is there already.
func (a audience[C]) join(set *names, name string, c C, order uint64) {
	if _, has := (*set)[name]; has {
		return
	}
	if *set == nil {
		*set = names{}
	}
	(*set)[name] = order
	a[name] = append(a[name], c)
}

// leave removes c from a name and reports whether it was there.
func (a audience[C]) leave(set names, name string, c C) bool {
	if _, has := set[name]; !has {
		return false
	}
	delete(set, name)
	list := a[name]
	if len(list) == 1 {
		delete(a, name)
		return true
	}
	i := slices.Index(list, c)
	a[name] = slices.Delete(list, i, i+1)
	return true
}

// matching lists the names that fit a pattern, sorted; a nil pattern fits all.
func (a audience[C]) matching(pattern []byte) []string {
	var list []string
	glob := command.ReadGlob(pattern, false)
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if pattern == nil || command.Match(glob, name) {
			list = append(list, name)
		}
	}
	return list
}
