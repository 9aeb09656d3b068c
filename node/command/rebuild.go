package command

import (
	"strconv"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// rebuildItems is how many elements one command of a rewritten log brings at most
// (AOF_REWRITE_ITEMS_PER_CMD).
const rebuildItems = 64

// AppendRebuild appends the commands that make a key with its value again. expires is in milliseconds
// since 1970, 0 for never.
func AppendRebuild(dst, key []byte, value keyspace.Value, expires int64) []byte {
	r := rebuilder{out: dst, key: key}
	switch v := value.(type) {
	case *keyspace.StringValue:
		r.out = resp.AppendCommand(r.out, []byte("SET"), key, v.Bytes(nil))
	case *keyspace.ListValue:
		r.begin("RPUSH", v.Len(), 1)
		for element := range v.All() {
			r.add(element)
		}
	case *keyspace.SetValue:
		r.begin("SADD", v.Len(), 1)
		for member := range v.All() {
			r.add(member)
		}
	case *keyspace.ZSetValue:
		r.begin("ZADD", v.Len(), 2)
		for member, score := range v.Ascend(0) {
			r.add(appendScore(nil, score), member)
		}
	case *keyspace.HashValue:
		r.begin("HMSET", v.Len(), 2)
		for field, content := range v.All() {
			r.add(field, content)
		}
	case *keyspace.StreamValue:
		r.out = appendStream(r.out, key, v)
	default:
		panic("command: a value of kind " + value.Kind().String() + " has no commands")
	}
	if expires != 0 {
		r.out = resp.AppendCommand(r.out, []byte("PEXPIREAT"), key, strconv.AppendInt(nil, expires, 10))
	}
	return r.out
}

// appendScore writes a score so that it is read back as the same number.
func appendScore(b []byte, score float64) []byte {
	return append(b, resp.FormatDouble(score)...)
}

// rebuilder writes the elements of one value, some of them in each command.
type rebuilder struct {
	out, key []byte
	name     string
	left     int // elements not written yet
	room     int // elements that the command begun still takes
	words    int // of an element
}

// begin starts a value of n elements of so many words each.
func (r *rebuilder) begin(name string, n, words int) {
	r.name, r.left, r.room, r.words = name, n, 0, words
}

// add writes the words of one element.
func (r *rebuilder) add(words ...[]byte) {
	w := resp.Writer{Buf: r.out}
	if r.room == 0 {
		r.room = min(r.left, rebuildItems)
		w.Array(2 + r.room*r.words)
		w.BulkString(r.name)
		w.Bulk(r.key)
	}
	for _, word := range words {
		w.Bulk(word)
	}
	r.left--
	r.room--
	r.out = w.Buf
}
