package replication

import (
	"slices"
	"strconv"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// snapshot is the data set at one offset, on its way to one or more replicas. One that is complete at
// once is sent with its length in front, even to replicas that would take the form with an end mark:
// nothing then hinders the stream from following at once, and they accept it. One that takes longer
// is sent while it is made (repl-diskless-sync), with an end mark, and so are filtered snapshots,
// which redis-cli alone asks for and for which it insists on the mark.
type snapshot struct {
	id     SnapshotID
	want   Contents
	offset Offset // the data set after this byte of the stream
	mark   string // end mark, empty when the length is sent
	chunks [][]byte
	freed  int // so many chunks everybody has been given
	size   int64
	done   bool
	flows  bool // it is sent while it is made; nobody can join it
}

// transfer is how much of a snapshot a replica has been given.
type transfer struct {
	chunk int   // index of the current chunk
	at    int   // position in it
	bytes int64 // in all
	moved time.Time
}

// maxAhead is how much of a snapshot is made before its slowest receiver has taken it.
const maxAhead = 16 << 20

// The window bounds what waits to be written to one replica: beyond it a snapshot, or a stream
// the replica cannot follow, stays in the memory all replicas share. A megabyte keeps a local
// connection busy between two looks; of more the garbage collector asks its price within one turn.
const (
	window      = 1 << 20
	windowRetry = 2 * time.Millisecond
)

// beginFull attaches a replica that needs everything. The snapshot begins when we go to sleep, so
// that replicas arriving together share it.
func (s *State) beginFull(now time.Time, r *replica, why event.PsyncFull) {
	s.stats.SyncFull++
	r.state, r.ackTime, r.cursor = WaitSnapshotStart, now, 0
	s.attach(r)
	why.Replica = r.name()
	r.came = Sync{Full: true, Why: why.Why, At: now, Offset: Offset(why.Offset)}
	s.emit(why)
	if len(s.replicas) == 1 && s.log == nil {
		// Nobody can know our history up to here, since nobody got its stream: it needs a name
		// that no restarted node has used.
		s.replaceIdentity(s.newID(), s.offset, event.FirstReplica)
		s.createBacklog()
	}
}

// startSnapshots lets waiting replicas join the snapshot that is being made, or begins one.
func (s *State) startSnapshots(now time.Time) {
	for {
		if s.snapshot != nil {
			s.joinWaiting()
			return
		}
		i := slices.IndexFunc(s.replicas, func(r *replica) bool { return r.state == WaitSnapshotStart })
		if i < 0 {
			return
		}
		if due := s.snapshotDue(s.replicas[i]); now.Before(due) {
			s.wakeAt(due)
			return
		}
		s.newSnapshot(s.replicas[i])
		s.joinWaiting()
		s.host.BeginSnapshot(now, s.snapshot.id, s.snapshot.want)
	}
}

// snapshotDue is when a snapshot begins that a replica waits for, the first that does: later replicas
// are given time to come and share it, unless there are enough of them already
// (shouldStartChildReplication).
func (s *State) snapshotDue(first *replica) time.Time {
	waiting := 0
	for _, r := range s.replicas {
		if r.state == WaitSnapshotStart && r.want == first.want && r.filtered == first.filtered {
			waiting++
		}
	}
	if s.cfg.SyncEnough > 0 && waiting >= s.cfg.SyncEnough {
		return time.Time{}
	}
	return first.came.At.Add(s.cfg.SyncDelay)
}

// newSnapshot fixes the offset. From here on every byte of the stream is kept for those who wait,
// and the first command in it selects its database.
func (s *State) newSnapshot(r *replica) {
	s.snapshots++
	s.streamDB = -1
	s.snapshot = &snapshot{id: s.snapshots, want: r.want, offset: s.offset}
	if r.filtered {
		s.snapshot.mark = s.newID()
	}
}

// joinWaiting promises the present snapshot to all replicas that wait for such a one.
func (s *State) joinWaiting() {
	if s.snapshot.flows {
		return
	}
	for _, r := range s.replicas {
		if r.state == WaitSnapshotStart && r.want == s.snapshot.want && r.filtered == (s.snapshot.mark != "") {
			s.joinSnapshot(r)
		}
	}
}

func (s *State) joinSnapshot(r *replica) {
	r.state, r.snapshot, r.cursor = WaitSnapshot, s.snapshot, s.snapshot.offset+1
	if r.prePsync {
		return
	}
	out := append(r.client.Out, "+FULLRESYNC "...)
	out = append(out, s.id...)
	out = append(out, ' ')
	out = strconv.AppendInt(out, int64(s.snapshot.offset), 10)
	r.client.Out = append(out, '\r', '\n')
	s.flush(r.client)
}

// SnapshotChunk delivers the next bytes of a snapshot. They are ours from here on.
func (s *State) SnapshotChunk(id SnapshotID, chunk []byte) {
	if sn := s.snapshot; sn != nil && sn.id == id && len(chunk) > 0 {
		sn.chunks = append(sn.chunks, chunk)
		sn.size += int64(len(chunk))
	}
}

// letFlow begins to send a snapshot that was not complete at once, if everybody who waits for it can take
// the form with an end mark.
func (s *State) letFlow(now time.Time) {
	sn := s.snapshot
	if sn == nil || sn.flows || sn.mark != "" || len(sn.chunks) == 0 || !s.cfg.Diskless {
		return
	}
	for _, r := range s.replicas {
		if r.snapshot == sn && (!r.eof || r.prePsync) {
			return
		}
	}
	sn.flows, sn.mark = true, s.newID()
	s.eachReceiver(sn, func(r *replica) { s.beginBulk(now, r) })
}

// SnapshotDone says that a snapshot is complete.
func (s *State) SnapshotDone(now time.Time, id SnapshotID) {
	sn := s.snapshot
	if sn == nil || sn.id != id {
		return
	}
	sn.done = true
	s.snapshot = nil
	s.eachReceiver(sn, func(r *replica) {
		r.state = SendBulk
		if !sn.flows {
			s.beginBulk(now, r)
		}
	})
}

// eachReceiver calls do for every replica that a snapshot is made for.
func (s *State) eachReceiver(sn *snapshot, do func(r *replica)) {
	for _, r := range s.replicas {
		if r.snapshot == sn {
			do(r)
		}
	}
}

// beginBulk sends a replica what stands before its snapshot.
func (s *State) beginBulk(now time.Time, r *replica) {
	r.sent = transfer{moved: now}
	r.client.Out = r.snapshot.appendHeader(r.client.Out)
	s.flush(r.client)
}

// Receivers is how many replicas a snapshot is being made for.
func (s *State) Receivers(id SnapshotID) (n int) {
	if sn := s.snapshot; sn != nil && sn.id == id {
		s.eachReceiver(sn, func(*replica) { n++ })
	}
	return n
}

// Flows reports whether a snapshot is sent while it is made.
func (s *State) Flows(id SnapshotID) bool {
	return s.snapshot != nil && s.snapshot.id == id && s.snapshot.flows
}

// Crowded reports whether the next bytes of a snapshot should wait until replicas have taken more of it.
func (s *State) Crowded(id SnapshotID) bool {
	if !s.Flows(id) {
		return false
	}
	ahead := int64(0)
	s.eachReceiver(s.snapshot, func(r *replica) { ahead = max(ahead, s.snapshot.size-r.sent.bytes) })
	return ahead > maxAhead
}

// SnapshotFailed says that a snapshot cannot be made. Those who wait for it are hung up and will
// ask again.
func (s *State) SnapshotFailed(now time.Time, id SnapshotID) {
	sn := s.snapshot
	if sn == nil || sn.id != id {
		return
	}
	s.snapshot = nil
	for _, r := range slices.Clone(s.replicas) {
		if r.snapshot == sn {
			s.drop(now, r, event.SnapshotFailed)
		}
	}
}

// cancelUnwanted gives up the snapshot being made when nobody waits for it.
func (s *State) cancelUnwanted(now time.Time) {
	sn := s.snapshot
	if sn == nil || slices.ContainsFunc(s.replicas, func(r *replica) bool { return r.snapshot == sn }) {
		return
	}
	s.host.CancelSnapshot(now, sn.id)
	s.snapshot = nil
}

func (sn *snapshot) appendHeader(out []byte) []byte {
	if sn.mark != "" {
		out = append(out, "$EOF:"...)
		out = append(out, sn.mark...)
	} else {
		out = append(out, '$')
		out = strconv.AppendInt(out, sn.size, 10)
	}
	return append(out, '\r', '\n')
}

// sendBulk gives a replica more of its snapshot, as much as its connection takes, and behind the
// last byte lets it follow the stream.
func (s *State) sendBulk(now time.Time, r *replica) {
	sn, room := r.snapshot, window-pending(r.client)
	if room > 0 && r.sent.chunk == len(sn.chunks) {
		r.sent.moved = now // it has everything there is
	}
	r.client.Out = slices.Grow(r.client.Out, max(0, min(room, sn.left(r.sent))))
	for room > 0 && r.sent.chunk < len(sn.chunks) {
		piece := sn.chunks[r.sent.chunk][r.sent.at:]
		piece = piece[:min(len(piece), room)]
		r.client.Out = append(r.client.Out, piece...)
		r.sent.at += len(piece)
		r.sent.bytes += int64(len(piece))
		r.sent.moved = now
		room -= len(piece)
		s.flush(r.client)
		if r.sent.at == len(sn.chunks[r.sent.chunk]) {
			r.sent.chunk, r.sent.at = r.sent.chunk+1, 0
		}
	}
	switch {
	case r.sent.chunk < len(sn.chunks):
		s.wakeAt(now.Add(windowRetry))
	case sn.done:
		s.endBulk(now, r)
	}
	s.freeChunks(sn)
}

// freeChunks lets go of what everybody has been given.
func (s *State) freeChunks(sn *snapshot) {
	given := len(sn.chunks)
	s.eachReceiver(sn, func(r *replica) { given = min(given, r.sent.chunk) })
	for ; sn.freed < given; sn.freed++ {
		sn.chunks[sn.freed] = nil
	}
}

// left is how much follows behind what was sent, up to what a window takes.
func (sn *snapshot) left(sent transfer) (n int) {
	for i := sent.chunk; i < len(sn.chunks) && n < window; i++ {
		n += len(sn.chunks[i])
	}
	return n - min(n, sent.at)
}

func (s *State) endBulk(now time.Time, r *replica) {
	r.client.Out = append(r.client.Out, r.snapshot.mark...)
	r.hold = r.snapshot.mark != ""
	r.snapshot = nil
	s.flush(r.client)
	if r.rdbOnly {
		s.hangUp(now, r, event.SnapshotOnly)
		return
	}
	s.goOnline(now, r)
}

// pending is how many bytes wait to be written to c.
func pending(c *machine.Client) int { return len(c.Out) + c.Unsent }
