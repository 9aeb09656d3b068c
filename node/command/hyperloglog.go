package command

import (
	"clusterplay/node/hll"
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

var hllCommands = []binding{
	{"pfadd", pfadd}, {"pfcount", pfcount}, {"pfmerge", pfmerge}, {"pfdebug", pfdebug}, {"pfselftest", pfselftest},
}

// The errors about a HyperLogLog.
const (
	errNotHLL     = "WRONGTYPE Key is not a valid HyperLogLog string value."
	errCorruptHLL = "INVALIDOBJ Corrupted HLL object detected"
)

// sparseLimit is the size up to which a HyperLogLog is kept sparse.
func (c *Context) sparseLimit() int { return int(c.Host.SettingInt("hll-sparse-max-bytes")) }

// sketch returns the bytes of the HyperLogLog in e, nil for no entry (isHLLObjectOrReply).
func (c *Context) sketch(e *keyspace.Entry) (s *keyspace.StringValue, text []byte, ok bool) {
	s, ok = valueOf[*keyspace.StringValue](c, e)
	if s == nil || !ok {
		return nil, nil, ok
	}
	if _, number := s.Int(); !number {
		text = s.Bytes(nil)
	}
	if !hll.Valid(text) {
		c.Error(errNotHLL)
		return nil, nil, false
	}
	return s, text, true
}

// pfadd is PFADD key [element …].
func pfadd(c *Context) {
	key, limit := c.Args[1], c.sparseLimit()
	s, _, ok := c.sketch(c.ForWrite(key))
	if !ok {
		return
	}
	changes := 0
	if s == nil {
		s, changes = keyspace.NewRaw(hll.New()), 1
		c.DB.Set(c.Now, key, s)
	}
	text := s.Writable(0)
	for _, element := range c.Args[2:] {
		out, changed, err := hll.Add(text, element, limit)
		if err != nil {
			c.Error(errCorruptHLL)
			return
		}
		if changed {
			text = out
			s.Take(text)
			changes++
		}
	}
	if changes == 0 {
		c.Int(0)
		return
	}
	hll.Outdate(text)
	c.Modified(key, "pfadd")
	c.Changed(changes)
	c.Int(1)
}

// pfcount is PFCOUNT key [key …].
func pfcount(c *Context) {
	if len(c.Args) == 2 {
		c.pfcountOne(c.Args[1])
		return
	}
	if union, _, ok := c.unite(c.Args[1:]); ok {
		c.Int(int64(union.Count()))
	}
}

// pfcountOne answers the count that the key keeps, or renews it. That is a write, and propagated
// as one, although the command is one that reads.
func (c *Context) pfcountOne(key []byte) {
	s, text, ok := c.sketch(c.Read(key))
	if !ok {
		return
	}
	if s == nil {
		c.Int(0)
		return
	}
	count, kept := hll.Kept(text)
	if !kept || s.Encoding() != "raw" {
		c.ForWrite(key)
		text = s.Writable(0)
	}
	if !kept {
		var err error
		if count, err = hll.Count(text); err != nil {
			c.Error(errCorruptHLL)
			return
		}
		hll.Keep(text, count)
		c.Modified(key, "")
		c.Changed(1)
	}
	c.Int(int64(count))
}

// unite merges the HyperLogLogs at keys; dense tells whether one of them is.
func (c *Context) unite(keys [][]byte) (union *hll.Union, dense, ok bool) {
	union = new(hll.Union)
	for _, key := range keys {
		s, text, ok := c.sketch(c.Read(key))
		if !ok {
			return nil, false, false
		}
		if s == nil {
			continue
		}
		dense = dense || !hll.Sparse(text)
		if union.Merge(text) != nil {
			c.Error(errCorruptHLL)
			return nil, false, false
		}
	}
	return union, dense, true
}

// pfmerge is PFMERGE destkey [sourcekey …].
func pfmerge(c *Context) {
	key := c.Args[1]
	union, dense, ok := c.unite(c.Args[1:])
	if !ok {
		return
	}
	var s *keyspace.StringValue
	if e := c.ForWrite(key); e != nil {
		s = e.Value.(*keyspace.StringValue)
	} else {
		s = keyspace.NewRaw(hll.New())
		c.DB.Set(c.Now, key, s)
	}
	text := s.Writable(0)
	if dense {
		text, _, _ = hll.Dense(text) // it was merged: it is not corrupt
	}
	s.Take(union.Into(text, c.sparseLimit()))
	c.Modified(key, "pfadd")
	c.Changed(1)
	c.OK()
}

// pfdebug is PFDEBUG GETREG|DECODE|ENCODING|TODENSE key.
func pfdebug(c *Context) {
	name, key := c.Args[1], c.Args[2]
	s, _, ok := c.sketch(c.ForWrite(key))
	if !ok {
		return
	}
	if s == nil {
		c.Error("ERR The specified key does not exist")
		return
	}
	text := s.Writable(0)
	switch {
	case equalFold(name, "getreg"):
		c.pfdebugRegisters(s)
	case equalFold(name, "decode") && !hll.Sparse(text):
		c.Error("ERR HLL encoding is not sparse")
	case equalFold(name, "decode"):
		c.BulkString(hll.Runs(text))
	case equalFold(name, "encoding") && hll.Sparse(text):
		c.Status("sparse")
	case equalFold(name, "encoding"):
		c.Status("dense")
	case equalFold(name, "todense"):
		if changed, ok := c.makeDense(s); ok && changed {
			c.Int(1)
		} else if ok {
			c.Int(0)
		}
	default:
		c.Error("ERR Unknown PFDEBUG subcommand '" + resp.Quoted(name) + "'")
	}
}

// makeDense makes s dense; the change is propagated, so that replicas keep the same bytes.
func (c *Context) makeDense(s *keyspace.StringValue) (changed, ok bool) {
	text, changed, err := hll.Dense(s.Writable(0))
	if err != nil {
		c.Error(errCorruptHLL)
		return false, false
	}
	if changed {
		s.Take(text)
		c.Changed(1)
	}
	return changed, true
}

func (c *Context) pfdebugRegisters(s *keyspace.StringValue) {
	if _, ok := c.makeDense(s); !ok {
		return
	}
	values := hll.Registers(s.Writable(0))
	c.Array(len(values))
	for _, value := range values {
		c.Int(int64(value))
	}
}

// pfselftest is PFSELFTEST.
func pfselftest(c *Context) {
	if wrong := hll.SelfTest(c.Host.Rand, c.sparseLimit()); wrong != "" {
		c.Error("ERR TESTFAILED " + wrong)
		return
	}
	c.OK()
}
