package server

import (
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strconv"

	"clusterplay/node/command"
	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
	"clusterplay/node/stream"
)

// digest is a hash of data that does not depend on their order (debug.c). It is the same number a
// real server computes, so that two data sets can be compared across both.
type digest [sha1.Size]byte

// xor adds b without regard to order.
func (d *digest) xor(b []byte) {
	sum := sha1.Sum(b)
	for i := range d {
		d[i] ^= sum[i]
	}
}

// mix adds b with regard to order.
func (d *digest) mix(b []byte) {
	d.xor(b)
	*d = sha1.Sum(d[:])
}

func (d *digest) mixNumber(n int) {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(n))
	d.mix(b[:])
}

// The numbers under which Redis files the types.
var typeNumbers = map[rdb.Kind]int{rdb.String: 0, rdb.List: 1, rdb.Set: 2, rdb.ZSet: 3, rdb.Hash: 4, rdb.Stream: 6}

// entry adds one key's value (xorObjectDigest).
func (d *digest) entry(e *keyspace.Entry) {
	v := command.ToRDB(e.Value)
	d.mixNumber(typeNumbers[v.Kind])
	switch v.Kind {
	case rdb.String:
		d.mix(v.Str)
	case rdb.List:
		for _, item := range v.Items {
			d.mix(item)
		}
	case rdb.Set:
		for _, item := range v.Items {
			d.xor(item)
		}
	case rdb.ZSet:
		for i, item := range v.Items {
			var element digest
			element.mix(item)
			element.mix(scoreText(v.Scores[i]))
			d.xor(element[:])
		}
	case rdb.Hash:
		for i := 0; i < len(v.Items); i += 2 {
			var element digest
			element.mix(v.Items[i])
			element.mix(v.Items[i+1])
			d.xor(element[:])
		}
	}
	if log, ok := e.Value.(*keyspace.StreamValue); ok {
		d.stream(log)
	}
	if e.Volatile() {
		d.xor([]byte("!!expire!!"))
	}
}

// stream adds the entries of a stream; groups do not count.
func (d *digest) stream(v *keyspace.StreamValue) {
	var room []byte
	cur := v.Range(stream.ID{}, stream.MaxID, false)
	for cur.Next() {
		d.mix([]byte(strconv.FormatUint(cur.ID.Ms, 10) + "." + strconv.FormatUint(cur.ID.Seq, 10)))
		for range cur.Fields {
			name, value := cur.Pair()
			room = name.Append(room[:0])
			d.mix(room)
			room = value.Append(room[:0])
			d.mix(room)
		}
	}
}

// scoreText is C's %.17g.
func scoreText(f float64) []byte {
	switch {
	case math.IsInf(f, 1):
		return []byte("inf")
	case math.IsInf(f, -1):
		return []byte("-inf")
	}
	return strconv.AppendFloat(nil, f, 'g', 17, 64)
}

// Digest returns DEBUG DIGEST: a hash of the whole data set (computeDatasetDigest).
func (s *Server) Digest() string {
	var total digest
	for i := range s.space.Len() {
		db := s.space.DB(i)
		if db.Len() == 0 {
			continue
		}
		total.mixNumber(i)
		for key, e := range db.All() {
			var d digest
			d.mix([]byte(key))
			d.entry(e)
			total.xor(d[:])
		}
	}
	return hex.EncodeToString(total[:])
}

// debugDigest: DEBUG DIGEST
func (s *Server) debugDigest(c *client) { c.ctx.Status(s.Digest()) }

// debugDigestValue: DEBUG DIGEST-VALUE key [key ...]
func (s *Server) debugDigestValue(c *client) {
	keys := c.ctx.Args[2:]
	c.ctx.Array(len(keys))
	for _, key := range keys {
		var d digest
		if e := c.ctx.DB.Peek(s.nowMs, key); e != nil {
			d.entry(e)
		}
		c.ctx.Status(hex.EncodeToString(d[:]))
	}
}

// serializedLength is how long a value is in an RDB file.
func serializedLength(e *keyspace.Entry) int {
	v := command.ToRDB(e.Value)
	var enc rdb.Encoder
	enc.Dump(&v)
	const typeAndTail = 1 + 2 + 8
	return len(enc.Take()) - typeAndTail
}
