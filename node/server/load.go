package server

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/command"
	"clusterplay/node/event"
	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
	"clusterplay/node/replication"
)

// loading is an RDB file, or an append only file, on its way into the keyspace, a slice at a time.
type loading struct {
	decoder *rdb.Decoder
	log     *logReader // an append only file; nil: decoder reads
	size    int
	merge   bool // what is there already is replaced
	began   time.Time
	pace    pace
	told    bool            // the log knows what the file is
	birth   bool            // it is what the last life has left, not a master's
	stream  bool            // it is read while it comes
	draft   *keyspace.Draft // where it goes while the old data stay; nil: it goes into the databases
	async   bool            // meanwhile clients see the old data, which are an earlier state of the same
	group   [loadGroup]rdb.Entry
	names   [loadGroup][]byte // the keys of group
	loaded  int64             // keys so far
	failed  error             // why a snapshot that is read ahead cannot be had
}

// waits reports whether nothing can be read before more has come.
func (load *loading) waits() bool { return load.stream && load.decoder.Waits() }

// offset is how much has been read.
func (load *loading) offset() int64 {
	if load.log != nil {
		return load.log.offset()
	}
	return int64(load.decoder.Offset())
}

// refuses reports whether commands with some flags have to wait for the end.
func (load *loading) refuses(flags command.Flags) bool {
	if load.async {
		return flags&command.NoAsyncLoading != 0
	}
	return flags&command.Loading == 0
}

// db is where the keys of database i go.
func (load *loading) db(s *Server, i int) *keyspace.DB {
	if load.draft != nil {
		return load.draft.DB(i)
	}
	return s.space.DB(i)
}

// loadAtBirth reads what the last life has left; a server that keeps a log reads nothing else. Where a server is a
// process of its own, this goes in slices once it is up, and clients hear LOADING meanwhile; in a lab it goes at
// once, for nobody is connected yet.
func (s *Server) loadAtBirth() error {
	defer func() { s.config.Files = nil }()
	load, err := s.leftBehind()
	if err != nil || load == nil {
		return err
	}
	load.birth = true
	if s.config.World != nil || s.settings.number("key-load-delay") != 0 {
		s.loading = load
		return nil
	}
	if err := s.readAll(load); err != nil {
		return s.unreadable(load, err)
	}
	s.endBirth(load)
	return nil
}

// leftBehind finds what the last life has left; nil when that is nothing.
func (s *Server) leftBehind() (*loading, error) {
	if s.settings.yes("appendonly") {
		r, err := s.newLogReader()
		if err != nil {
			return nil, err
		}
		return &loading{log: r, size: int(r.total)}, nil
	}
	if err := s.adoptAOF(); err != nil {
		return nil, err
	}
	data, there, err := s.readFile(s.settings.text("dbfilename"))
	if err != nil || !there {
		return nil, err
	}
	return &loading{decoder: rdb.NewDecoder(data), size: len(data)}, nil
}

// unreadable is why a server cannot go on with what its last life has left.
func (s *Server) unreadable(load *loading, err error) error {
	if load.log != nil {
		return err
	}
	if errors.Is(err, rdb.ErrChecksum) {
		s.log(event.Warning, "RDB CRC error")
	}
	s.tellDamage(load.decoder)
	s.log(event.Warning, "Terminating server after rdb file reading failure.")
	//lint:ignore ST1005 Redis' words
	return fmt.Errorf("Fatal error loading the DB: %w. Exiting.", fmt.Errorf("load %s: %w", s.settings.text("dbfilename"), err))
}

// tellDamage says in the log what of a file was being read when the reading failed, as redis-check-rdb does.
func (s *Server) tellDamage(d *rdb.Decoder) {
	key, at, inValue := d.Failed()
	if d.Err() == nil || !inValue {
		return
	}
	why := fmt.Sprintf("Internal error in RDB reading offset %d -> %v", at.Offset, d.Err())
	if form := at.Type.Packed(); form != "" {
		why = fmt.Sprintf("Internal error in RDB reading offset %d -> %s integrity check failed.", at.Offset, form)
	}
	for _, line := range []string{
		why, "--- RDB ERROR DETECTED ---", why, "[additional info] While doing: read-object-value", fmt.Sprintf("[additional info] Reading key '%s'", key),
		fmt.Sprintf("[additional info] Reading type %d (%s)", at.Type, at.Type.Name()), fmt.Sprintf("[info] %d keys read", s.space.Keys()),
	} {
		s.log(event.Warning, "%s", line)
	}
}

// endBirth takes over what else there is beside the keys.
func (s *Server) endBirth(load *loading) {
	if load.log != nil {
		load.log.finish()
		return
	}
	s.adoptHistory(load)
}

// tellFile says in Redis' log what an RDB file is, once that has been read.
func (s *Server) tellFile(load *loading) {
	if load.told || s.config.Log == nil {
		return
	}
	load.told = true
	meta := load.decoder.Meta()
	s.log(event.Notice, "Loading RDB produced by version %s", meta.RedisVersion)
	s.log(event.Notice, "RDB age %d seconds", max(0, s.now.Unix()-meta.Created))
	s.log(event.Notice, "RDB memory usage when created %.2f Mb", float64(meta.UsedMemory)/(1<<20))
	if meta.AOFBase {
		s.log(event.Notice, "RDB is base AOF")
	}
}

// tellDone says in Redis' log how many keys an RDB file had.
func (s *Server) tellDone(load *loading) {
	s.tellFile(load)
	skipped, names := load.decoder.Skipped()
	for _, name := range names {
		s.log(event.Warning, "rdbLoadObject skipping empty key: %s", name)
	}
	if skipped > 0 {
		s.log(event.Warning, "Done loading RDB, keys loaded: %d, keys expired: %d, empty keys skipped: %d.", s.saves.loaded, s.saves.expired, skipped)
		return
	}
	s.log(event.Notice, "Done loading RDB, keys loaded: %d, keys expired: %d.", s.saves.loaded, s.saves.expired)
}

// adoptHistory takes the history that an RDB file carried.
func (s *Server) adoptHistory(load *loading) {
	meta := load.decoder.Meta()
	s.history = &replication.Aux{StreamDB: meta.ReplDB, ReplID: meta.ReplID, Offset: replication.Offset(meta.ReplOffset)}
}

// loadedAtBirth ends a load that clients had to wait for.
func (s *Server) loadedAtBirth(load *loading, err error) {
	if err != nil {
		s.exit(1, s.unreadable(load, err).Error())
		return
	}
	if load.log == nil {
		s.tellDone(load)
		s.log(event.Notice, "DB loaded from disk: %.3f seconds", s.now.Sub(load.began).Seconds())
	}
	s.endBirth(load)
	s.settleIn()
	if s.config.World != nil {
		s.config.World.Ready()
	}
}

// settleIn begins the life proper once the data are there: their history goes on, and what has expired since is
// deleted, which replicas hear of.
func (s *Server) settleIn() {
	s.restoreHistory()
	s.openAOF()
	s.setExpiry()
	if !s.isReplica() {
		s.saves.expired = int64(s.space.ExpireCycle(s.nowMs, s.space.Keys()))
		s.saves.loaded -= s.saves.expired
	}
	s.saves.dirty = 0
}

// Loading reports whether the server still reads what its last life has left, and tells its World later that
// it is ready.
func (s *Server) Loading() bool { return s.loading != nil && s.loading.birth }

// readFile returns a file of the node's directory.
func (s *Server) readFile(name string) (data []byte, there bool, err error) {
	if s.config.ReadFile != nil {
		return s.config.ReadFile(name)
	}
	data, there = s.config.Files[name]
	return data, there, nil
}

// restoreHistory gives replication the identity the RDB file carried.
func (s *Server) restoreHistory() {
	aux := replication.Aux{StreamDB: -1, Offset: -1}
	if s.history != nil {
		aux = *s.history
		s.history = nil
	}
	host, port := s.bornReplicaOf()
	if host == "" && s.cluster != nil && !s.cluster.IsPrimary() {
		s.repl.RestoreReplica(aux) // its master has no address yet: the cluster names it later
	} else {
		s.repl.Restore(s.now, aux, host, port)
	}
	if s.cluster != nil {
		s.cluster.AdoptKeys(s.now)
	}
}

// bornReplicaOf is the master named by the configuration, or by nodes.conf.
func (s *Server) bornReplicaOf() (host string, port int) {
	if s.cluster != nil {
		return s.clusterMaster()
	}
	host, text, _ := strings.Cut(s.settings.text("replicaof"), " ")
	port, _ = strconv.Atoi(text)
	return host, port
}

// clusterMaster is the address of the master this node follows according to its cluster state.
func (s *Server) clusterMaster() (host string, port int) {
	view := s.cluster.View()
	for _, n := range view.Nodes {
		if addr, err := netip.ParseAddrPort(n.Addr); err == nil && n.ID == view.Primary && addr.Port() != 0 {
			return addr.Addr().String(), int(addr.Port())
		}
	}
	return "", 0
}

// stepLoad reads the next slice of a full synchronisation; at its end replication goes on.
func (s *Server) stepLoad() {
	load := s.loading
	if load == nil || load.waits() {
		return
	}
	s.space.Expiry = keyspace.ShowExpired
	delay := s.settings.number("key-load-delay")
	n := load.pace.keys(s.now, delay, sliceKeys)
	done, err := s.loadSlice(load, n)
	s.saves.loaded = load.loaded
	load.pace.did(n, delay)
	s.setExpiry()
	if load.log == nil && load.birth {
		s.tellFile(load)
	}
	if !done && err == nil {
		return
	}
	s.loading = nil
	if load.birth {
		s.loadedAtBirth(load, err)
		return
	}
	if err != nil {
		s.dropLoad(load)
	}
	s.saves.dirty = 0
	s.repl.Loaded(s.now, load.decoder.Meta().ReplDB, err)
	s.resumeAOF()
}

// BeginLoad throws the data away and begins to read what the master sent.
func (h replicationHost) BeginLoad(_ time.Time, payload []byte) {
	s := h.s
	s.stopAOF() // it begins again with the new data
	h.giveWay()
	s.saves.loaded = 0
	if s.ahead != nil {
		s.adoptAhead()
	} else {
		s.loading = &loading{decoder: rdb.NewDecoder(payload), size: len(payload), began: s.now}
	}
	s.log(event.Notice, "MASTER <-> REPLICA sync: Loading DB in memory")
}

// flushData empties all databases. Transactions that watched a key there fail.
func (s *Server) flushData() {
	for i := range s.space.Len() {
		s.touchWatchedDB(s.space.DB(i), nil)
	}
	s.tracking.Flushed()
	s.space.Flush()
}

// reload replaces the data by those of an RDB file, at once.
func (s *Server) reload(data []byte, merge bool) error {
	defer s.setExpiry()
	return s.readAll(&loading{decoder: rdb.NewDecoder(data), size: len(data), merge: merge})
}

// readAll reads a whole file without a pause.
func (s *Server) readAll(load *loading) error {
	s.space.Expiry = keyspace.ShowExpired
	for {
		done, err := s.loadSlice(load, sliceKeys)
		s.saves.loaded = load.loaded
		if done || err != nil {
			return err
		}
	}
}
