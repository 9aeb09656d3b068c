package command

import (
	"cmp"
	"slices"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// combine makes one set out of several; a nil among them is an empty set.
type combine func(sets []*keyspace.SetValue, lim *keyspace.Limits) *keyspace.SetValue

// combineSets runs SINTER, SUNION and SDIFF key [key …].
func combineSets(c *Context, how combine) {
	if sets, ok := readSets(c, c.Args[1:]); ok {
		lim := c.setLimits()
		answerSet(c, how(sets, &lim))
	}
}

// storeSets runs SINTERSTORE, SUNIONSTORE and SDIFFSTORE destination key [key …].
func storeSets(c *Context, how combine, event string) {
	if sets, ok := readSets(c, c.Args[2:]); ok {
		lim := c.setLimits()
		c.storeResult(c.Args[1], how(sets, &lim), event)
	}
}

// sintercard runs SINTERCARD numkeys key [key …] [LIMIT limit].
func sintercard(c *Context) {
	numKeys, ok := c.intFrom(c.Args[1], 1, resp.ErrNumKeys)
	if !ok {
		return
	}
	rest := c.Args[2:]
	if numKeys > int64(len(rest)) {
		c.Error("ERR Number of keys can't be greater than number of args")
		return
	}
	keys, limit := rest[:numKeys], int64(0)
	for rest = rest[numKeys:]; len(rest) > 0; rest = rest[2:] {
		if len(rest) < 2 || !equalFold(rest[0], "limit") {
			c.Error(resp.ErrSyntax)
			return
		}
		if limit, ok = c.intFrom(rest[1], 0, "ERR LIMIT can't be negative"); !ok {
			return
		}
	}
	sets, ok := readSets(c, keys)
	if !ok {
		return
	}
	n := int64(0)
	common(sets, func([]byte) bool {
		n++
		return n != limit
	})
	c.Int(n)
}

// readSets returns the sets under keys, nil for a key that is not there.
func readSets(c *Context, keys [][]byte) (sets []*keyspace.SetValue, ok bool) {
	sets = make([]*keyspace.SetValue, len(keys))
	for i, key := range keys {
		if sets[i], ok = readSet(c, key); !ok {
			return nil, false
		}
	}
	return sets, true
}

// intersect keeps the members that all sets have.
func intersect(sets []*keyspace.SetValue, lim *keyspace.Limits) *keyspace.SetValue {
	result := keyspace.NewSet()
	common(sets, func(member []byte) bool {
		result.Add(member, lim)
		return true
	})
	return result
}

// common yields the members that all sets have, in the order of the smallest set.
func common(sets []*keyspace.SetValue, yield func(member []byte) bool) {
	if slices.Contains(sets, nil) {
		return
	}
	slices.SortStableFunc(sets, func(a, b *keyspace.SetValue) int { return cmp.Compare(a.Len(), b.Len()) })
	for member := range sets[0].All() {
		if inAll(sets[1:], member) && !yield(member) {
			return
		}
	}
}

func inAll(sets []*keyspace.SetValue, member []byte) bool {
	for _, s := range sets {
		if !s.Has(member) {
			return false
		}
	}
	return true
}

// unite keeps the members that any set has.
func unite(sets []*keyspace.SetValue, lim *keyspace.Limits) *keyspace.SetValue {
	result := keyspace.NewSet()
	for _, s := range sets {
		if s == nil {
			continue
		}
		for member := range s.All() {
			result.Add(member, lim)
		}
	}
	return result
}

// subtract keeps the members that only the first set has.
func subtract(sets []*keyspace.SetValue, lim *keyspace.Limits) *keyspace.SetValue {
	result := keyspace.NewSet()
	if sets[0] == nil {
		return result
	}
	for member := range sets[0].All() {
		if !inAny(sets[1:], member) {
			result.Add(member, lim)
		}
	}
	return result
}

func inAny(sets []*keyspace.SetValue, member []byte) bool {
	for _, s := range sets {
		if s != nil && s.Has(member) {
			return true
		}
	}
	return false
}
