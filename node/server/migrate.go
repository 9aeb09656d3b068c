package server

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/command"
	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
	"clusterplay/node/resp"
)

// migration is one MIGRATE under way.
//
//	queued ──its turn──▶ sent ──all replies──▶ answered
//	  └────────────── timeout, hangup ────────────▶ IOERR
//
// While it lasts, commands of other clients that touch its keys, or may touch any key, wait: as
// in Redis, where MIGRATE stops the server, nobody sees a key half moved and no write to it is
// lost. A key is deleted only if it is still the one that was sent (its version tells), because
// what the master's stream or a lost slot does to it cannot wait.
type migration struct {
	client   *client // nil when it has gone; the move goes on
	target   netip.AddrPort
	db       *keyspace.DB
	number   int64 // the database there
	timeout  time.Duration
	deadline time.Time
	copies   bool
	replace  bool
	auth     [][]byte // the AUTH command without its name
	keys     []migrating
	sent     []int // which of keys were sent, in this order

	begun    bool // everything was sent
	size     int  // how many bytes that was
	replies  int  // received
	expected int
	preamble int // replies to AUTH and SELECT
	failure  string
	fatal    bool  // AUTH or SELECT was refused
	moved    []int // which of keys have arrived
	retried  bool
}

// migrating is one key on its way.
type migrating struct {
	key     []byte
	version uint32
}

// migrateCommand: MIGRATE host port key|"" destination-db timeout [COPY] [REPLACE]
// [AUTH password] [AUTH2 username password] [KEYS key [key ...]]
func (s *Server) migrateCommand(c *client) {
	m, keys, refusal := s.parseMigrate(c.ctx.Args)
	if refusal != "" {
		c.ctx.Error(refusal)
		return
	}
	for _, key := range keys {
		if e := c.ctx.DB.Read(s.nowMs, key); e != nil {
			m.keys = append(m.keys, migrating{key: bytes.Clone(key), version: e.Version()})
		}
	}
	if len(m.keys) == 0 {
		c.ctx.Status("NOKEY")
		return
	}
	if c.ctx.NoBlock {
		c.ctx.Error("ERR MIGRATE inside MULTI is not supported by this server, which never stops for it")
		return
	}
	host := string(c.ctx.Args[1])
	if strings.EqualFold(host, "localhost") {
		host = "127.0.0.1"
	}
	addr, err := netip.ParseAddr(host)
	port, errPort := strconv.ParseUint(string(c.ctx.Args[2]), 10, 16)
	if err != nil || errPort != nil {
		c.ctx.Error(errMigrateConnect)
		return
	}
	m.client, m.db, m.target = c, c.ctx.DB, netip.AddrPortFrom(addr, uint16(port))
	s.park(&parked{client: c, reason: waitsForMigrate})
	s.migrate.active = append(s.migrate.active, m)
	s.submitMigration(m)
}

const (
	errMigrateConnect = "IOERR error or timeout connecting to the client"
	errMigrateWrite   = "IOERR error or timeout writing to target instance"
	errMigrateRead    = "IOERR error or timeout reading from target instance"
	errMigrateKeys    = "ERR When using MIGRATE KEYS option, the key argument must be set to the empty string"
)

// migrateTimeout is what a timeout of 0 or less means.
const migrateTimeout = time.Second

// parseMigrate reads the words of MIGRATE.
func (s *Server) parseMigrate(args [][]byte) (m *migration, keys [][]byte, refusal string) {
	m = &migration{}
	keys = args[3:4]
	for i := 6; i < len(args); i++ {
		left := len(args) - 1 - i
		switch word := strings.ToLower(string(args[i])); {
		case word == "copy":
			m.copies = true
		case word == "replace":
			m.replace = true
		case word == "auth" && left >= 1:
			m.auth = cloneArgs(args[i+1 : i+2])
			i++
		case word == "auth2" && left >= 2:
			m.auth = cloneArgs(args[i+1 : i+3])
			i += 2
		case word == "keys" && len(args[3]) != 0:
			return nil, nil, errMigrateKeys
		case word == "keys":
			keys = args[i+1:]
			i = len(args)
		default:
			return nil, nil, resp.ErrSyntax
		}
	}
	ms, err := strconv.ParseInt(string(args[5]), 10, 64)
	number, errDB := strconv.ParseInt(string(args[4]), 10, 64)
	if err != nil || errDB != nil {
		return nil, nil, resp.ErrNotInteger
	}
	m.number, m.timeout = number, time.Duration(min(ms, maxPause))*time.Millisecond
	if ms <= 0 {
		m.timeout = migrateTimeout
	}
	return m, keys, ""
}

// request writes the whole conversation: everything is sent at once.
func (s *Server) request(m *migration, selected int64) []byte {
	w := resp.Writer{Buf: make([]byte, 0, s.migrate.requestSize)}
	m.begun, m.replies, m.expected, m.preamble, m.sent = true, 0, 0, 0, m.sent[:0]
	if m.auth != nil {
		w.Array(1 + len(m.auth))
		w.Bulk([]byte("AUTH"))
		for _, word := range m.auth {
			w.Bulk(word)
		}
		m.preamble++
	}
	if selected != m.number {
		w.Array(2)
		w.Bulk([]byte("SELECT"))
		w.Bulk(strconv.AppendInt(nil, m.number, 10))
		m.preamble++
	}
	for i := range m.keys {
		if s.requestRestore(&w, m, &m.keys[i]) {
			m.sent = append(m.sent, i)
		}
	}
	m.expected = m.preamble + len(m.sent)
	s.migrate.requestSize = min(len(w.Buf), migratesAhead)
	return w.Buf
}

var (
	restoreWord       = []byte("RESTORE")
	restoreAskingWord = []byte("RESTORE-ASKING")
	replaceWord       = []byte("REPLACE")
)

// requestRestore writes the command that makes a key at the target. It reports false when the key is gone.
func (s *Server) requestRestore(w *resp.Writer, m *migration, k *migrating) bool {
	e := m.db.Peek(s.nowMs, k.key)
	if e == nil {
		return false // it has expired
	}
	k.version = e.Version()
	left := int64(0)
	if e.Volatile() {
		left = max(1, m.db.Expires(e)-s.nowMs)
	}
	word, words := restoreWord, 4
	if s.cluster != nil {
		word = restoreAskingWord
	}
	if m.replace {
		words++
	}
	w.Array(words)
	w.Bulk(word)
	w.Bulk(k.key)
	var number [20]byte
	w.Bulk(strconv.AppendInt(number[:0], left, 10))
	w.Bulk(s.migrate.payload(e.Value))
	if m.replace {
		w.Bulk(replaceWord)
	}
	return true
}

// payload is what DUMP answers for a value, until the next call.
func (ms *migrations) payload(v keyspace.Value) []byte {
	if cap(ms.dump.Buf) > migratesAhead {
		ms.dump = rdb.Encoder{} // a large value must not leave its room behind
	}
	ms.dump.Buf = ms.dump.Buf[:0]
	value := command.ToRDB(v)
	ms.dump.Dump(&value)
	return ms.dump.Buf
}

// takeReply files one reply of the target and reports whether it was the last.
func (s *Server) takeReply(m *migration, v resp.Value) (last bool) {
	at := m.replies
	m.replies++
	if v.IsError() {
		if m.failure == "" {
			m.failure = "ERR Target instance replied with error: " + v.Text
		}
		m.fatal = m.fatal || at < m.preamble
	} else if at >= m.preamble && !m.fatal && !m.copies {
		m.moved = append(m.moved, m.sent[at-m.preamble])
	}
	return m.replies == m.expected || m.fatal
}

// endMigration deletes what has arrived, answers the client and lets others go on.
func (s *Server) endMigration(m *migration, failure string) {
	s.migrate.finish(m)
	deleted := s.deleteMoved(m)
	if len(deleted) > 0 {
		s.stats.migrated += int64(len(deleted))
		s.deleted(m.db.Number, append([][]byte{delWord}, deleted...))
	}
	if c := m.client; c != nil && c.parked != nil && c.parked.reason == waitsForMigrate {
		if failure != "" {
			s.fail(c, failure)
		} else {
			s.to(c).OK()
		}
		s.unpark(c)
		c.offset = s.repl.Offset()
	}
	s.resume(waitsForKeysMoved)
}

// deleteMoved deletes the keys the target has acknowledged and that are still what was sent.
func (s *Server) deleteMoved(m *migration) (deleted [][]byte) {
	if s.isReplica() {
		return nil // another master has the say about them now
	}
	for _, i := range m.moved {
		key := m.keys[i].key
		e := m.db.Peek(s.nowMs, key)
		if e == nil || e.Version() != m.keys[i].version {
			continue
		}
		m.db.Delete(s.nowMs, key)
		s.Modified(m.db, key, "del")
		s.saves.dirty++
		deleted = append(deleted, key)
	}
	return deleted
}
