package command

import (
	"errors"
	"slices"

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
	var out rdb.Value
	FillRDB(&out, value)
	return out
}

// FillRDB is ToRDB into a Value that is done with, whose memory is used again.
func FillRDB(out *rdb.Value, value keyspace.Value) {
	*out = rdb.Value{Items: out.Items[:0], Scores: out.Scores[:0]}
	switch v := value.(type) {
	case *keyspace.StringValue:
		out.Kind, out.Str = rdb.String, v.Bytes(nil)
	case *keyspace.ListValue:
		listToRDB(out, v)
	case *keyspace.SetValue:
		setToRDB(out, v)
	case *keyspace.ZSetValue:
		zsetToRDB(out, v)
	case *keyspace.HashValue:
		hashToRDB(out, v)
	case *keyspace.StreamValue:
		out.Kind, out.Log = rdb.Stream, streamToRDB(v)
	default:
		panic("command: a value of kind " + value.Kind().String() + " has no form in a file")
	}
}

func listToRDB(out *rdb.Value, l *keyspace.ListValue) {
	out.Kind, out.Packed = rdb.List, true
	out.Items = slices.Grow(out.Items, l.Len())
	for element := range l.All() {
		out.Items = append(out.Items, element)
	}
}

func setToRDB(out *rdb.Value, s *keyspace.SetValue) {
	out.Kind, out.Packed = rdb.Set, s.Encoding() == "intset"
	out.Items = slices.Grow(out.Items, s.Len())
	var text []byte
	for member := range s.All() {
		if out.Packed { // numbers are written out one at a time
			from := len(text)
			text = append(text, member...)
			member = text[from:len(text):len(text)]
		}
		out.Items = append(out.Items, member)
	}
}

// zsetToRDB writes a large sorted set highest score first, as Redis does: its loader adds each
// member at the front then.
func zsetToRDB(out *rdb.Value, z *keyspace.ZSetValue) {
	out.Kind, out.Packed = rdb.ZSet, z.Encoding() == "listpack"
	out.Items, out.Scores = slices.Grow(out.Items, z.Len()), slices.Grow(out.Scores, z.Len())
	for member, score := range z.Ascend(0) {
		out.Items, out.Scores = append(out.Items, member), append(out.Scores, score)
	}
	if !out.Packed {
		slices.Reverse(out.Items)
		slices.Reverse(out.Scores)
	}
}

func hashToRDB(out *rdb.Value, h *keyspace.HashValue) {
	out.Kind, out.Packed = rdb.Hash, h.Encoding() == "listpack"
	out.Items = slices.Grow(out.Items, 2*h.Len())
	for field, value := range h.All() {
		out.Items = append(out.Items, field, value)
	}
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
