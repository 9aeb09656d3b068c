package server

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"clusterplay/node/command"
	"clusterplay/node/event"
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// debugOK is a subcommand that has nothing to do here and says OK: it steers what only Redis has.
func (s *Server) debugOK(c *client) { c.ctx.OK() }

// debugUnsealed: DEBUG SET-SKIP-CHECKSUM-VALIDATION 0|1
func (s *Server) debugUnsealed(c *client) {
	n, _ := strconv.Atoi(string(c.ctx.Args[2]))
	s.unsealed = n != 0
	c.ctx.OK()
}

// Unsealed reports whether the checksums of payloads are not looked at.
func (s *Server) Unsealed() bool { return s.unsealed }

// Damaged tells the log of a payload that RESTORE could not read (rdbReportError).
func (s *Server) Damaged(form string, err error) {
	if form != "" {
		if errors.Is(err, command.ErrRepeatedMember) {
			err = fmt.Errorf("%s with dup elements", form)
		}
		s.log(event.Verbose, "Internal error in RDB reading offset 0 -> %s integrity check failed. (%v)", form, err)
		return
	}
	s.log(event.Verbose, "Internal error in RDB reading offset 0 -> %v", err)
}

// debugLog: DEBUG LOG message
func (s *Server) debugLog(c *client) {
	s.log(event.Warning, "DEBUG LOG: %s", c.ctx.Args[2])
	c.ctx.OK()
}

// debugPauseCron: DEBUG PAUSE-CRON 0|1
func (s *Server) debugPauseCron(c *client) {
	n, _ := strconv.Atoi(string(c.ctx.Args[2]))
	s.noCron = n != 0
	c.ctx.OK()
}

// maxPopulate bounds what one DEBUG POPULATE makes.
const maxPopulate = 1 << 26

// debugPopulate: DEBUG POPULATE count [prefix [size]]. Keys that are there stay; replicas hear nothing.
func (s *Server) debugPopulate(c *client) {
	args := c.ctx.Args
	if len(args) < 3 || len(args) > 5 {
		c.ctx.Error(unknownDebug(args[1]))
		return
	}
	count, ok := c.ctx.IntegerIn(args[2], 0, maxPopulate, "ERR value is out of range, must be positive")
	if !ok {
		return
	}
	prefix, size := "key", int64(0)
	if len(args) > 3 {
		prefix = string(args[3])
	}
	if len(args) > 4 {
		if size, ok = c.ctx.IntegerIn(args[4], 0, resp.DefaultMaxBulk, "ERR value is out of range, must be positive"); !ok {
			return
		}
	}
	s.populate(c.ctx.DB, prefix, int(count), int(size))
	c.ctx.OK()
}

// populate makes that many keys in db; with a size, each value is cut or filled up to it. What it writes them with is
// the same for all of them: garbage between the keys would take as much room as they do.
func (s *Server) populate(db *keyspace.DB, prefix string, count, size int) {
	var key, value []byte
	padding := make([]byte, size)
	for i := range count {
		key = fmt.Appendf(key[:0], "%s:%d", prefix, i)
		if db.ForWrite(s.nowMs, key) != nil {
			continue
		}
		value = fmt.Appendf(value[:0], "value:%d", i)
		if size > 0 {
			value = append(value, padding[min(len(value), size):]...)[:size]
		}
		db.SetString(s.nowMs, key, value)
		s.touchWatched(db, key)
	}
}

// debugReplicate: DEBUG REPLICATE word [word ...]. Replicas get a command that this server never ran.
func (s *Server) debugReplicate(c *client) {
	if len(c.ctx.Args) < 3 {
		c.ctx.Error(unknownDebug(c.ctx.Args[1]))
		return
	}
	s.repl.FeedOne(c.ctx.DB.Number, c.ctx.Args[2:])
	c.ctx.OK()
}

// debugSdslen: DEBUG SDSLEN key
func (s *Server) debugSdslen(c *client) {
	key := c.ctx.Args[2]
	e := c.ctx.DB.Peek(s.nowMs, key)
	if e == nil {
		c.ctx.Error("ERR no such key")
		return
	}
	text, is := e.Value.(*keyspace.StringValue)
	if !is || text.Encoding() == "int" {
		c.ctx.Error("ERR Not an sds encoded string.")
		return
	}
	n := text.Len()
	c.ctx.Status(fmt.Sprintf("key_sds_len:%d, key_sds_avail:0, key_zmalloc: %d, val_sds_len:%d, val_sds_avail:0, val_zmalloc: %d",
		len(key), len(key)+1, n, n+1))
}

// maxPackedThreshold is the largest element that a link of Redis' lists can hold beside others.
const maxPackedThreshold = 1<<32 - 1<<20

// debugPackedThreshold: DEBUG QUICKLIST-PACKED-THRESHOLD size. It says from which size on an element gets a
// link of a list to itself. Here that is so for each that does not fit beside another, and nobody can tell.
func (s *Server) debugPackedThreshold(c *client) {
	if _, n, refusal := memory(string(c.ctx.Args[2])); refusal != "" || n > maxPackedThreshold {
		c.ctx.Error("ERR argument must be a memory value bigger than 1 and smaller than 4gb")
		return
	}
	c.ctx.OK()
}

// debugStructsize: DEBUG STRUCTSIZE. The figures are those of Redis on a computer of 64 bits.
func (s *Server) debugStructsize(c *client) {
	c.ctx.BulkString("bits:64 robj:16 dictentry:24 sdshdr5:1 sdshdr8:3 sdshdr16:5 sdshdr32:9 sdshdr64:17 ")
}

// debugStringmatch: DEBUG STRINGMATCH-TEST
func (s *Server) debugStringmatch(c *client) {
	for range 1000 {
		pattern, text := make([]byte, s.rng.IntN(64)), make([]byte, s.rng.IntN(64))
		for _, b := range [][]byte{pattern, text} {
			for i := range b {
				b[i] = byte(s.rng.IntN(256))
			}
		}
		command.Match(command.ReadGlob(pattern, false), string(text))
	}
	c.ctx.Status("Apparently Redis did not crash: test passed")
}

// debugClusterlink: DEBUG CLUSTERLINK KILL to|from|all node-id
func (s *Server) debugClusterlink(c *client) {
	args := c.ctx.Args
	if len(args) != 5 || !strings.EqualFold(string(args[2]), "kill") {
		c.ctx.Error(unknownDebug(args[1]))
		return
	}
	if s.cluster == nil {
		c.ctx.Error("ERR Debug option only available for cluster mode enabled setup!")
		return
	}
	to, from := false, false
	switch strings.ToLower(string(args[3])) {
	case "to":
		to = true
	case "from":
		from = true
	case "all":
		to, from = true, true
	default:
		c.ctx.Error("ERR Unknown direction " + string(args[3]))
		return
	}
	if !s.cluster.DropLinks(s.now, string(args[4]), to, from) {
		c.ctx.Error("ERR Unknown node " + string(args[4]))
		return
	}
	c.ctx.OK()
}

// debugDropPackets: DEBUG DROP-CLUSTER-PACKET-FILTER type
func (s *Server) debugDropPackets(c *client) {
	n, ok := c.ctx.IntegerIn(c.ctx.Args[2], -1<<31, 1<<31-1, resp.ErrNotInteger)
	if !ok {
		return
	}
	if s.cluster != nil {
		s.cluster.DropPackets(int(n))
	}
	c.ctx.OK()
}

// debugRewrite: DEBUG CONFIG-REWRITE-FORCE-ALL
func (s *Server) debugRewrite(c *client) {
	if s.config.ConfigFile == "" {
		c.ctx.Error("ERR CONFIG-REWRITE-FORCE-ALL failed: there is no config file")
		return
	}
	s.rewriteConfig(c, true)
}
