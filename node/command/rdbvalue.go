package command

import (
	"bytes"
	"errors"

	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
)

// Errors of FromRDB.
var (
	ErrNoValue        = errors.New("command: a value of no kind")
	ErrRepeatedMember = errors.New("command: a member occurs twice")
	ErrOddHash        = errors.New("command: a field has no value")
)

// LimitsOf returns the limits on compact encodings that host is configured with.
func LimitsOf(host Host, space *keyspace.Space) keyspace.Limits {
	return keyspace.Limits{
		SetInts:     int(host.SettingInt("set-max-intset-entries")),
		HashEntries: int(host.SettingInt("hash-max-listpack-entries")),
		HashBytes:   int(host.SettingInt("hash-max-listpack-value")),
		ZSetEntries: int(host.SettingInt("zset-max-listpack-entries")),
		ZSetBytes:   int(host.SettingInt("zset-max-listpack-value")),
		Seed:        space.Seed(),
	}
}

// ToRDB returns value as package rdb writes it. The result looks into value's own memory: it is
// written before value changes again.
func ToRDB(value keyspace.Value) rdb.Value {
	switch v := value.(type) {
	case *keyspace.StringValue:
		return rdb.Value{Kind: rdb.String, Str: v.Bytes(nil)}
	case *keyspace.ListValue:
		return listToRDB(v)
	case *keyspace.SetValue:
		return setToRDB(v)
	case *keyspace.ZSetValue:
		return zsetToRDB(v)
	case *keyspace.HashValue:
		return hashToRDB(v)
	case *keyspace.StreamValue:
		return streamToRDB(v)
	}
	panic("command: a value of kind " + value.Kind().String() + " has no form in a file")
}

func listToRDB(l *keyspace.ListValue) rdb.Value {
	out := rdb.Value{Kind: rdb.List, Packed: true, Items: make([][]byte, 0, l.Len())}
	for element := range l.All() {
		out.Items = append(out.Items, element)
	}
	return out
}

func setToRDB(s *keyspace.SetValue) rdb.Value {
	out := rdb.Value{Kind: rdb.Set, Packed: s.Encoding() == "intset", Items: make([][]byte, 0, s.Len())}
	for member := range s.All() {
		if out.Packed {
			member = bytes.Clone(member) // numbers are written out one at a time
		}
		out.Items = append(out.Items, member)
	}
	return out
}

// zsetToRDB writes a large sorted set highest score first, as Redis does: its loader adds each
// member at the front then.
func zsetToRDB(z *keyspace.ZSetValue) rdb.Value {
	out := rdb.Value{
		Kind: rdb.ZSet, Packed: z.Encoding() == "listpack",
		Items: make([][]byte, 0, z.Len()), Scores: make([]float64, 0, z.Len()),
	}
	walk := z.Ascend(0)
	if !out.Packed {
		walk = z.Descend(z.Len() - 1)
	}
	for member, score := range walk {
		out.Items, out.Scores = append(out.Items, member), append(out.Scores, score)
	}
	return out
}

func hashToRDB(h *keyspace.HashValue) rdb.Value {
	out := rdb.Value{Kind: rdb.Hash, Packed: h.Encoding() == "listpack", Items: make([][]byte, 0, 2*h.Len())}
	for field, value := range h.All() {
		out.Items = append(out.Items, field, value)
	}
	return out
}

// FromRDB returns v as a value of the keyspace with its own copy of everything. A value that
// cannot be, such as a set with a member twice, is an error.
func FromRDB(v *rdb.Value, lim *keyspace.Limits) (keyspace.Value, error) {
	switch v.Kind {
	case rdb.String:
		return keyspace.NewString(v.Str), nil
	case rdb.List:
		return listFromRDB(v), nil
	case rdb.Set:
		return setFromRDB(v, lim)
	case rdb.ZSet:
		return zsetFromRDB(v, lim)
	case rdb.Hash:
		return hashFromRDB(v, lim)
	case rdb.Stream:
		return streamFromRDB(v)
	}
	return nil, ErrNoValue
}

func listFromRDB(v *rdb.Value) keyspace.Value {
	l := keyspace.NewList()
	for _, element := range v.Items {
		l.PushBack(element)
	}
	return l
}

func setFromRDB(v *rdb.Value, lim *keyspace.Limits) (keyspace.Value, error) {
	s := keyspace.NewSet()
	for _, member := range v.Items {
		if !s.Add(member, lim) {
			return nil, ErrRepeatedMember
		}
	}
	return s, nil
}

func zsetFromRDB(v *rdb.Value, lim *keyspace.Limits) (keyspace.Value, error) {
	z := keyspace.NewZSet()
	for i, member := range v.Items {
		if !z.Set(member, v.Scores[i], lim) {
			return nil, ErrRepeatedMember
		}
	}
	return z, nil
}

func hashFromRDB(v *rdb.Value, lim *keyspace.Limits) (keyspace.Value, error) {
	if len(v.Items)%2 == 1 {
		return nil, ErrOddHash
	}
	h := keyspace.NewHash()
	for i := 0; i < len(v.Items); i += 2 {
		if !h.Set(v.Items[i], v.Items[i+1], lim) {
			return nil, ErrRepeatedMember
		}
	}
	return h, nil
}
