package command

import (
	"strconv"

	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
	"clusterplay/node/resp"
	"clusterplay/node/stream"
)

// rebuildItems is how many elements one command of a rewritten log brings at most
// (AOF_REWRITE_ITEMS_PER_CMD).
const rebuildItems = 64

// rebuildWords are the words for a value of each kind but a string and a stream.
var rebuildWords = map[keyspace.Kind]struct {
	command string
	words   int // of an element
}{
	keyspace.List: {"RPUSH", 1},
	keyspace.Set:  {"SADD", 1},
	keyspace.ZSet: {"ZADD", 2},
	keyspace.Hash: {"HMSET", 2},
}

// Rebuild writes the commands that make a key with its value again. expires is in milliseconds since 1970, 0 for never.
func Rebuild(enc *rdb.Encoder, key []byte, value keyspace.Value, expires int64) {
	if text, ok := value.(*keyspace.StringValue); ok {
		var digits [20]byte
		enc.Buf = resp.AppendCommand(enc.Buf, []byte("SET"), key, text.Bytes(digits[:]))
		enc.Buf = appendExpiry(enc.Buf, key, expires)
		return
	}
	for w := NewRebuild(enc, key, value, expires); !w.Write(LargeFrom); {
		continue
	}
}

// NewRebuild returns a value that is to be written by such commands in parts.
func NewRebuild(enc *rdb.Encoder, key []byte, value keyspace.Value, expires int64) *Large {
	r := &rebuilder{enc: enc, key: key, expires: expires, left: value.Len()}
	switch value.(type) {
	case *keyspace.StringValue:
		r.isText = true
	case *keyspace.StreamValue:
	default:
		how, ok := rebuildWords[value.Kind()]
		if !ok {
			panic("command: a value of kind " + value.Kind().String() + " has no commands")
		}
		r.name, r.words = how.command, how.words
	}
	return &Large{enc: enc, walk: walkOf(value), paper: r}
}

func appendExpiry(dst, key []byte, expires int64) []byte {
	if expires == 0 {
		return dst
	}
	return resp.AppendCommand(dst, []byte("PEXPIREAT"), key, strconv.AppendInt(nil, expires, 10))
}

// rebuilder writes the parts of one value as commands, each with some of its elements.
type rebuilder struct {
	enc     *rdb.Encoder
	key     []byte
	expires int64
	name    string // of the commands
	words   int    // of an element
	left    int    // elements not written yet, or the length of a string
	room    int    // elements that the command begun still takes
	isText  bool
	of      *stream.Group    // which is being written
	by      *stream.Consumer // likewise
}

func (r *rebuilder) begin() {
	if !r.isText {
		return
	}
	w := resp.Writer{Buf: r.enc.Buf}
	w.Array(3)
	w.BulkString("SET")
	w.Bulk(r.key)
	r.enc.Buf = append(strconv.AppendInt(append(w.Buf, '$'), int64(r.left), 10), "\r\n"...)
}

func (r *rebuilder) text(part []byte) { r.enc.Buf = append(r.enc.Buf, part...) }

func (r *rebuilder) elements(part [][]byte) {
	for _, element := range part {
		r.member(element)
	}
}

func (r *rebuilder) member(member []byte) {
	w := r.element()
	w.Bulk(member)
	r.enc.Buf = w.Buf
}

func (r *rebuilder) field(name, content []byte) {
	w := r.element()
	w.Bulk(name)
	w.Bulk(content)
	r.enc.Buf = w.Buf
}

// scored writes the score so that it is read back as the same number.
func (r *rebuilder) scored(member []byte, score float64) {
	w := r.element()
	w.BulkString(resp.FormatDouble(score))
	w.Bulk(member)
	r.enc.Buf = w.Buf
}

// element begins an element, and a command when the last is full.
func (r *rebuilder) element() resp.Writer {
	w := resp.Writer{Buf: r.enc.Buf}
	if r.room == 0 {
		r.room = min(r.left, rebuildItems)
		w.Array(2 + r.room*r.words)
		w.BulkString(r.name)
		w.Bulk(r.key)
	}
	r.left--
	r.room--
	return w
}

func (r *rebuilder) end() {
	if r.isText {
		r.enc.Buf = append(r.enc.Buf, "\r\n"...)
	}
	r.enc.Buf = appendExpiry(r.enc.Buf, r.key, r.expires)
}
