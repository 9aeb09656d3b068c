package server

import (
	"math"
	"strings"

	"clusterplay/node/command"
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// memoryLimit is what the settings say about the memory of the data. Its values are kept beside the
// settings because each command asks for them.
type memoryLimit struct {
	bytes   int64 // maxmemory; 0 = none
	evicts  bool  // the policy is not noeviction
	how     keyspace.Eviction
	running bool // more than the limit is used, and the last round did not get below it
	full    bool // when the last command began, more was used and nothing could be deleted
}

// configureMemory reads the settings about memory anew.
func (s *Server) configureMemory() {
	policy := s.settings.text("maxmemory-policy")
	family, by, _ := strings.Cut(policy, "-")
	s.memory.bytes = s.settings.number("maxmemory")
	s.limitClients()
	s.memory.evicts = policy != "noeviction"
	s.memory.how = keyspace.Eviction{
		Order: keyspace.LeastUsed, Volatile: family == "volatile", Rand: s.rng.IntN,
		Samples: int(min(s.settings.number("maxmemory-samples"), math.MaxInt16)),
	}
	switch by {
	case "random":
		s.memory.how.Order = keyspace.Anyone
	case "ttl":
		s.memory.how.Order = keyspace.FirstToDie
	}
	s.space.Use(keyspace.Counting{
		ByFrequency: by == "lfu", LogFactor: s.settings.number("lfu-log-factor"), Decay: s.settings.number("lfu-decay-time"),
		Rand: s.rng.IntN,
	})
}

// limitClients bounds what clients may occupy: by the setting, or else by what the server was made with.
func (s *Server) limitClients() {
	m := &s.clientMem
	m.limit = limitForClients(s.settings.number("maxmemory-clients"), s.memory.bytes)
	if m.implied = m.limit == 0 && s.config.MostForClients > 0; m.implied {
		m.limit = s.config.MostForClients
	}
}

// keysPerRound is how many keys a round of eviction may delete at maxmemory-eviction-tenacity 10; the
// half of a millisecond that Redis allows itself is enough for about as many.
const keysPerRound = 250

// roundSize follows evictionTimeLimitUs: linear up to 10, then 15 % more for each step, and at 100
// without end.
func roundSize(tenacity int64) int {
	switch {
	case tenacity >= 100:
		return math.MaxInt
	case tenacity > 10:
		return int(keysPerRound * math.Pow(1.15, float64(tenacity-10)))
	}
	return max(1, int(keysPerRound*tenacity/10))
}

// makeRoom deletes keys until the data are within maxmemory, for one round at most, and reports
// false when that cannot be reached: nothing may be deleted any more (performEvictions). What a round
// leaves is done in the next, which comes soon.
func (s *Server) makeRoom() bool {
	s.memory.running = false
	if !s.mayEvict() || s.countedMemory() <= s.memory.bytes {
		return true
	}
	if !s.memory.evicts {
		return false
	}
	left := roundSize(s.settings.number("maxmemory-eviction-tenacity"))
	for s.countedMemory() > s.memory.bytes {
		if left == 0 {
			s.memory.running = true
			return true
		}
		db, key := s.space.Victim(s.nowMs, s.memory.how)
		if db == nil {
			return false
		}
		s.evict(db, []byte(key))
		left--
	}
	return true
}

// mayEvict tells whether the limit counts at all now (isSafeToPerformEvictions).
func (s *Server) mayEvict() bool {
	switch {
	case s.memory.bytes == 0, s.loading != nil, s.standsStill():
		return false
	case s.isReplica() && s.settings.yes("replica-ignore-maxmemory"):
		return false
	}
	paused, _ := s.paused()
	return !paused
}

// mayGrow tells whether a table of the data may become larger by so many bytes: not when keys would have to go for
// it (dictExpandAllowed).
func (s *Server) mayGrow(bytes int) bool {
	return s.memory.bytes == 0 || s.countedMemory()+int64(bytes) <= s.memory.bytes
}

// countedMemory is what counts against maxmemory: what waits for replicas beyond the backlog does not, or the
// deletions that would make room would make it grow (freeMemoryGetNotCountedMemory).
func (s *Server) countedMemory() int64 { return int64(s.usedMemory()) - s.uncountedMemory() }

// uncountedMemory is the part of the stream that is kept for replicas alone.
func (s *Server) uncountedMemory() int64 {
	return beyondBacklog(int64(s.repl.Kept()), s.settings.number("repl-backlog-size"))
}

// beyondBacklog is how much of what is kept is more than the backlog asks for.
func beyondBacklog(kept, size int64) int64 { return max(0, kept-max(size, leastBacklog)) }

// leastBacklog is the smallest backlog there is, whatever repl-backlog-size says (CONFIG_REPL_BACKLOG_MIN_SIZE).
const leastBacklog = 16 << 10

// configureLazy takes over which deletions count as lazy.
func (s *Server) configureLazy() {
	v := s.settings
	s.space.Lazy = keyspace.Lazy{
		User: v.yes("lazyfree-lazy-user-del"), Flush: v.yes("lazyfree-lazy-user-flush"),
		Server: v.yes("lazyfree-lazy-server-del"), Expire: v.yes("lazyfree-lazy-expire"), Evict: v.yes("lazyfree-lazy-eviction"),
	}
}

// evict deletes one key because memory is short, and tells replicas and the log.
func (s *Server) evict(db *keyspace.DB, key []byte) {
	db.Evict(string(key))
	s.Modified(db, key, "evicted")
	word := delWord
	if s.settings.yes("lazyfree-lazy-eviction") {
		word = unlinkWord
	}
	s.saves.dirty++
	s.deleted(db.Number, [][]byte{word, key})
}

// refuseForMemory makes room for a command and returns why it may not run when there is none. Inside
// MULTI every command that would be queued needs room.
func (s *Server) refuseForMemory(c *client, cmd *command.Command, flags command.Flags) (refusal string) {
	s.memory.full = s.memory.bytes != 0 && !s.makeRoom()
	if !s.outOfMemory() {
		return ""
	}
	if flags&command.DenyOOM != 0 || c.tx.open && !endsTransaction(cmd) {
		return resp.ErrOOM
	}
	return ""
}

// outOfMemory reports whether there was no room left when the last command of a client began.
func (s *Server) outOfMemory() bool { return s.memory.full }

// endsTransaction tells the commands that are never refused inside MULTI for want of memory.
func endsTransaction(cmd *command.Command) bool {
	switch cmd.Full {
	case "exec", "discard", "quit", "reset":
		return true
	}
	return false
}

// stepEviction does another round when the last one was not enough.
func (s *Server) stepEviction() {
	if s.memory.running {
		s.makeRoom()
	}
	if s.memory.running {
		s.wake(s.now)
	}
}
