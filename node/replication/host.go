package replication

import (
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// Host is the server around the replication machine. Its methods are called from inside the doors
// and commands of State, on their goroutine. Unless a method says otherwise it must not call back
// into State except for plain questions (Offset, Aux, Role…).
type Host interface {
	// BeginSnapshot asks for a snapshot of the data as it is at this very moment, in RDB version 10.
	// The server may encode it in slices while it goes on serving, but what it delivers must be the
	// state of now: that is the invariant of full synchronisation. It answers with SnapshotChunk
	// any number of times and then with one SnapshotDone or SnapshotFailed, from inside this
	// call or later. State asks for one snapshot at a time. What the server feeds from inside this
	// call stands behind the snapshot in the stream.
	BeginSnapshot(now time.Time, id SnapshotID, want Contents)
	// CancelSnapshot tells that nobody waits for the snapshot any more. No answer is expected.
	CancelSnapshot(now time.Time, id SnapshotID)

	// BeginLoad throws the data away and replaces it by payload, an RDB file, whose bytes belong to
	// the server from here on. The server answers with State.Loaded, from inside this call or
	// later; until then it refuses what is refused with LOADING.
	BeginLoad(now time.Time, payload []byte)
	// StreamLoad tells that a snapshot is about to come; same says that it is of the history that the
	// data have, at another moment. The server answers whether it reads the snapshot while it comes,
	// through LoadMore instead of BeginLoad, and whether it keeps its data until the whole of it is
	// there. If it does not keep them they are gone from here on.
	StreamLoad(now time.Time, same bool) (reads, keeps bool)
	// LoadAhead is asked when StreamLoad has said no: whether the server reads the snapshot while it comes
	// all the same, to itself, so that nobody notices. It gets the pieces through LoadMore then, and when
	// everything has come BeginLoad without a payload.
	LoadAhead(now time.Time) bool
	// LoadMore brings the next piece, whose bytes belong to the server from here on, and with last
	// says that it was the last. The server answers the whole with State.Loaded, and an error of its
	// own before that.
	LoadMore(now time.Time, piece []byte, last bool)
	// CancelLoad ends a load that has not been answered: the node changed its master in the middle,
	// or the master hung up. The server drops what it has loaded, or read ahead, and does not call Loaded.
	CancelLoad(now time.Time)

	// Apply executes one command of the master's stream in database db: without ACL, limits,
	// expiry of its own or propagation, and without a reply. An error is counted, never fatal.
	// Commands of one transaction arrive one after the other with nothing in between, after an
	// OpenUnit and before a CloseUnit. args are valid only during the call.
	Apply(now time.Time, db int, args [][]byte)
	// OpenUnit and CloseUnit stand around the commands of a transaction.
	OpenUnit(now time.Time)
	CloseUnit(now time.Time)

	// UnblockClients answers -UNBLOCKED to every client that is blocked on a key: the node is about
	// to become a replica, or to change its master.
	UnblockClients(now time.Time)
	// PauseForFailover holds writes back until ResumeAfterFailover: a FAILOVER is under way.
	PauseForFailover(now time.Time)
	// ResumeAfterFailover ends what PauseForFailover began.
	ResumeAfterFailover(now time.Time)
	// FailoverPaused reports whether writes are paused for a CLUSTER FAILOVER; no PING enters the
	// stream meanwhile, or the offset would never stand still.
	FailoverPaused(now time.Time) bool
}

// SnapshotID names one request for a snapshot. Ids ascend.
type SnapshotID uint64

// Contents says what a snapshot must hold (REPLCONF rdb-filter-only). The zero Contents is an RDB
// file without data.
type Contents struct {
	Data      bool
	Functions bool
}

// Todo is what the world must do for the replication machine, in the order of machine.Todo. It is
// valid until the next door is called.
type Todo struct {
	Dial  []machine.Dial
	Send  []machine.Send
	Close []machine.LinkID
	Flush []*machine.Client // replicas, whose Out or Closing changed
	Emit  []event.Event
	Wake  time.Time // when BeforeSleep wants to be called again; zero when the next cron will do
}

func (t *Todo) reset() {
	clear(t.Send)
	clear(t.Flush)
	clear(t.Emit)
	t.Dial, t.Send, t.Close, t.Flush, t.Emit = t.Dial[:0], t.Send[:0], t.Close[:0], t.Flush[:0], t.Emit[:0]
	t.Wake = time.Time{}
}
