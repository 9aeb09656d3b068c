package server

import (
	"slices"

	"clusterplay/node/acl"
	"clusterplay/node/command"
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// transaction is a client's MULTI block.
type transaction struct {
	open   bool
	queue  []queued
	failed bool // a command could not be queued: EXEC aborts
	stale  bool // a watched key changed: EXEC answers nothing
	asking bool // ASKING came before MULTI and holds for the whole block
	bytes  int
	flags  command.Flags // of all queued commands together
	lacks  command.Flags // what one of them at least does not have
}

// queued is one command waiting for EXEC.
type queued struct {
	cmd  *command.Command
	args [][]byte
}

// multiCommand: MULTI
func (s *Server) multiCommand(c *client) {
	if c.tx.open {
		c.ctx.Error(resp.ErrNestedMulti)
		return
	}
	c.tx.open, c.tx.asking = true, c.asking
	c.ctx.OK()
}

// enqueue adds a command to the open transaction. What will be aborted anyway takes no memory.
func (s *Server) enqueue(c *client, cmd *command.Command, args [][]byte) {
	if !c.tx.failed && !c.tx.stale {
		q := queued{cmd, cloneArgs(args)}
		c.tx.queue = append(c.tx.queue, q)
		flags := s.flagsOf(cmd, args) // what a script says about itself holds for EXEC too
		c.tx.flags |= flags
		c.tx.lacks |= ^flags
		for _, a := range args {
			c.tx.bytes += len(a)
		}
	}
	c.ctx.Status("QUEUED")
}

// discardCommand: DISCARD
func (s *Server) discardCommand(c *client) {
	if !c.tx.open {
		c.ctx.Error(resp.ErrDiscardNoMult)
		return
	}
	s.discard(c)
	c.ctx.OK()
}

// discard ends the transaction and its watches without running anything.
func (s *Server) discard(c *client) {
	c.tx = transaction{}
	s.unwatchAll(c)
}

// execCommand: EXEC
func (s *Server) execCommand(c *client) {
	tx := c.tx
	switch {
	case !tx.open:
		c.ctx.Error(resp.ErrExecNoMulti)
		return
	case tx.failed:
		s.discard(c)
		c.ctx.Error(resp.ErrExecAbort)
		return
	case tx.stale || s.watchedKeyExpired(c):
		s.discard(c)
		c.ctx.NullArray()
		return
	}
	s.discard(c)
	s.runQueue(c, tx)
}

// runQueue runs the queued commands as one unit.
func (s *Server) runQueue(c *client, tx transaction) {
	exec, args := c.ctx.Cmd, c.ctx.Args
	c.ctx.NoBlock, c.running = true, &tx
	c.ctx.Array(len(tx.queue))
	for _, q := range tx.queue {
		c.asking = tx.asking
		if v := s.denied(c, q.cmd, q.args, acl.InMulti); v != acl.Allowed {
			s.fail(c, v.Late())
			continue
		}
		s.execute(c, q.cmd, q.args)
		s.tellMonitors(c, q.cmd, q.args)
	}
	c.ctx.NoBlock, c.running = false, nil
	c.asking = false
	c.ctx.Cmd, c.ctx.Args = exec, args
	c.ctx.Effects = command.Effects{} // those of the last command are collected
}

// watchKey names a watched key.
type watchKey = blockKey

// watchedKey is one key a client watches, and how it was then.
type watchedKey struct {
	watchKey
	db    *keyspace.DB
	there bool // it existed
	gone  bool // its time had run out, but nothing had deleted it
}

// watchCommand: WATCH key [key ...]
func (s *Server) watchCommand(c *client) {
	if c.tx.open {
		c.ctx.Error(resp.ErrWatchInMulti)
		return
	}
	for _, key := range c.ctx.Args[1:] {
		s.watch(c, key)
	}
	c.ctx.OK()
}

func (s *Server) watch(c *client, key []byte) {
	if c.tx.stale {
		return
	}
	k := watchKey{c.ctx.DB.Number, string(key)}
	for _, w := range c.watched {
		if w.watchKey == k {
			return
		}
	}
	c.watched = append(c.watched, watchedKey{
		watchKey: k, db: c.ctx.DB, there: c.ctx.DB.Has(s.nowMs, key), gone: s.expiredYetThere(c.ctx.DB, key),
	})
	s.watchers[k] = append(s.watchers[k], c)
}

// unwatchCommand: UNWATCH
func (s *Server) unwatchCommand(c *client) {
	s.unwatchAll(c)
	c.tx.stale = false
	c.ctx.OK()
}

func (s *Server) unwatchAll(c *client) {
	for _, w := range c.watched {
		list := s.watchers[w.watchKey]
		if i := slices.Index(list, c); i >= 0 {
			list = slices.Delete(list, i, i+1)
		}
		if len(list) == 0 {
			delete(s.watchers, w.watchKey)
		} else {
			s.watchers[w.watchKey] = list
		}
	}
	c.watched = nil
}

// watchedKeyExpired reports whether a key that was alive when it was watched has expired since
// without anybody having touched it (isWatchedKeyExpired).
func (s *Server) watchedKeyExpired(c *client) bool {
	for _, w := range c.watched {
		if !w.gone && s.expiredYetThere(w.db, []byte(w.key)) {
			return true
		}
	}
	return false
}

// touchWatched marks the transactions of everybody who watches a key.
func (s *Server) touchWatched(db *keyspace.DB, key []byte) {
	if len(s.watchers) == 0 {
		return
	}
	for _, c := range s.watchers[watchKey{db.Number, string(key)}] {
		if !s.wasGone(c, db, key) {
			c.tx.stale = true
		}
	}
}

// wasGone tells of a watched key that had expired before WATCH and still does not exist: its
// deletion is no change.
func (s *Server) wasGone(c *client, db *keyspace.DB, key []byte) bool {
	for i := range c.watched {
		w := &c.watched[i]
		if w.db == db && w.key == string(key) && w.gone {
			w.gone = db.Has(s.nowMs, key)
			return !w.gone
		}
	}
	return false
}

// touchWatchedDB marks everybody who watches a key that existed in db, which is emptied, or that is
// in with, which takes its place (touchAllWatchedKeysInDb). Whoever is not marked yet watches keys
// that have not changed since, so that what WATCH saw still holds.
func (s *Server) touchWatchedDB(db, with *keyspace.DB) {
	for _, c := range s.clients.All {
		for i := range c.watched {
			if w := &c.watched[i]; w.db.Number == db.Number && s.changedBy(w, with) {
				c.tx.stale = true
			}
		}
	}
}

// changedBy tells whether a watched key is another when its database is replaced by with, or emptied. A
// key whose time had run out before is none, whichever of the two has it.
func (s *Server) changedBy(w *watchedKey, with *keyspace.DB) bool {
	key := []byte(w.key)
	fresh := with != nil && with.Has(s.nowMs, key)
	dead := with != nil && !fresh && s.expiredYetThere(with, key)
	if !w.there && !fresh {
		w.gone = dead
		return false
	}
	return true
}

// expiredYetThere reports whether a key's time has run out but nothing has deleted it so far.
func (s *Server) expiredYetThere(db *keyspace.DB, key []byte) bool {
	if db.Has(s.nowMs, key) {
		return false
	}
	expiry := s.space.Expiry
	s.space.Expiry = keyspace.ShowExpired
	there := db.Has(s.nowMs, key)
	s.space.Expiry = expiry
	return there
}

// Flushed tells that databases were emptied.
func (s *Server) Flushed(dbs ...*keyspace.DB) {
	for _, db := range dbs {
		s.touchWatchedDB(db, nil)
		s.readyAfterSwap(db)
	}
	s.tracking.Flushed()
	if s.current.ctx.Cmd.Name == "flushall" {
		s.saveNothing()
	}
}
