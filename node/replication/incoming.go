package replication

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/event"
)

const (
	// maxPayload bounds a snapshot we receive: all nodes of a lab share one computer's memory.
	maxPayload = 8 << 30
	// maxHeld bounds the stream that piles up while a snapshot is loaded, as the master bounds its
	// side with client-output-buffer-limit.
	maxHeld = 256 << 20
	// firstPayload is what is allocated on the master's word alone; more follows received bytes.
	firstPayload = 64 << 10
	// progressSteps is how often a transfer of known size tells how far it is, and leastProgress how many
	// bytes are worth a word.
	progressSteps, leastProgress = 4, 1 << 20
	// progressBytes is the same for one of unknown size.
	progressBytes = 64 << 20
	markLength    = 40
)

// incoming is a snapshot on its way from the master.
type incoming struct {
	id      string
	offset  Offset // the snapshot is the data set of this offset; -1 when the master does not say
	begun   bool   // the $ header has come
	size    int64  // -1 while unknown
	mark    string // the end mark, when there is no size
	payload []byte
	told    int64 // how much the last +sync-progress told

	parsing bool   // the server reads it while it comes
	keeps   bool   // and keeps its data until the end
	ahead   bool   // the server reads it while it comes, to itself
	tail    []byte // received, and perhaps a part of the end mark

	loading bool   // the server has the payload
	read    int64  // its length
	held    []byte // the stream behind it
	lost    string // why the link ended meanwhile
}

// receiveTransfer takes what belongs to the snapshot off frame and returns the rest.
func (s *State) receiveTransfer(now time.Time, frame []byte) []byte {
	switch in := &s.master.sync; {
	case in.loading:
		s.holdStream(now, frame)
		return nil
	case !in.begun:
		return s.receiveHeader(now, frame)
	case in.mark != "":
		return s.receiveMarked(now, frame)
	}
	return s.receiveSized(now, frame)
}

// receiveHeader reads up to "$length" or "$EOF:mark"; empty lines say that the master is still at
// work.
func (s *State) receiveHeader(now time.Time, frame []byte) []byte {
	line, rest, ok := s.takeLine(now, frame)
	if !ok || len(line) == 0 {
		return rest
	}
	in := &s.master.sync
	text := string(line)
	mark, marked := strings.CutPrefix(text, "$EOF:")
	switch {
	case text[0] == '-':
		s.refuseTransfer(now, event.MasterRefused, text)
		return nil
	case marked && len(mark) == markLength:
		in.mark = mark
	default:
		size, err := strconv.ParseInt(strings.TrimPrefix(text, "$"), 10, 64)
		if text[0] != '$' || err != nil || size < 0 || size > maxPayload {
			s.refuseTransfer(now, event.MasterProtocol, text)
			return nil
		}
		in.size = size
	}
	in.begun = true
	in.parsing, in.keeps = s.host.StreamLoad(now, in.id == s.id)
	s.emit(event.SyncStart{Master: s.master.name(), Bytes: in.size, Parsed: in.parsing})
	switch {
	case in.parsing && !in.keeps:
		s.letGo(now)
	case in.parsing:
	case s.host.LoadAhead(now):
		in.ahead = true
	default:
		in.payload = make([]byte, 0, max(0, min(in.size, firstPayload)))
	}
	if in.size == 0 {
		s.receiveSized(now, nil)
	}
	return rest
}

// refuseTransfer gives up and lets the next tick try again: at once would be a storm.
func (s *State) refuseTransfer(now time.Time, why event.Reason, detail string) {
	s.linkFailed(why, detail)
	s.closeLink(now)
}

func (s *State) receiveSized(now time.Time, frame []byte) []byte {
	in := &s.master.sync
	n := int(min(in.size-in.got(), int64(len(frame))))
	if in.parsing || in.ahead {
		s.parse(now, bytes.Clone(frame[:n]), in.got()+int64(n) == in.size)
		return frame[n:]
	}
	in.add(frame[:n])
	s.tellProgress()
	if in.got() == in.size {
		s.load(now)
	}
	return frame[n:]
}

// got is how much of the snapshot has come.
func (in *incoming) got() int64 { return in.read + int64(len(in.payload)) }

// parse hands the next piece to a server that reads while the snapshot comes.
func (s *State) parse(now time.Time, piece []byte, last bool) {
	in := &s.master.sync
	in.read += int64(len(piece))
	in.loading = last && !in.ahead
	s.tellProgress()
	s.host.LoadMore(now, piece, last)
	if last && in.ahead {
		s.load(now)
	}
}

// receiveMarked reads until the last bytes received are the mark. The master sends nothing behind
// it until we have acknowledged.
func (s *State) receiveMarked(now time.Time, frame []byte) []byte {
	in := &s.master.sync
	if in.parsing || in.ahead {
		s.parseMarked(now, frame)
		return nil
	}
	in.add(frame)
	if payload, ok := bytes.CutSuffix(in.payload, []byte(in.mark)); ok {
		in.payload = payload
		s.load(now)
		return nil
	}
	if len(in.payload) > maxPayload {
		s.refuseTransfer(now, event.MasterProtocol, "snapshot too large")
		return nil
	}
	s.tellProgress()
	return nil
}

// parseMarked is receiveMarked for a server that reads while the snapshot comes: what may be the mark is
// kept back.
func (s *State) parseMarked(now time.Time, frame []byte) {
	in := &s.master.sync
	if in.read > maxPayload {
		s.refuseTransfer(now, event.MasterProtocol, "snapshot too large")
		return
	}
	all := append(in.tail, frame...)
	piece, last := bytes.CutSuffix(all, []byte(in.mark))
	if !last {
		piece = all[:max(0, len(all)-markLength)]
	}
	in.tail = bytes.Clone(all[len(piece):])
	s.parse(now, piece, last)
}

// add appends to the payload, which at most doubles at a time and never exceeds the announced size.
func (in *incoming) add(p []byte) {
	if need := len(in.payload) + len(p); need > cap(in.payload) {
		size := 2 * need
		if in.size >= 0 {
			size = min(size, int(in.size))
		}
		grown := make([]byte, len(in.payload), size)
		copy(grown, in.payload)
		in.payload = grown
	}
	in.payload = append(in.payload, p...)
}

func (s *State) tellProgress() {
	in := &s.master.sync
	step := int64(progressBytes)
	if in.size >= 0 {
		step = max(in.size/progressSteps, leastProgress)
	}
	if read := in.got(); read-in.told >= step {
		in.told = read
		s.emit(event.SyncProgress{Master: s.master.name(), Read: read, Bytes: in.size})
	}
}

// load hands the complete snapshot to the server, or tells it that the one it has read ahead is complete.
// From here on the old data are gone, and with them our old history.
func (s *State) load(now time.Time) {
	m := s.master
	payload := m.sync.payload
	m.sync.payload, m.sync.loading, m.sync.read = nil, true, m.sync.got()
	s.letGo(now)
	s.host.BeginLoad(now, payload)
}

// letGo ends our old history: its data are gone, or about to be.
func (s *State) letGo(now time.Time) {
	s.master.resumable, s.grounded = false, false
	s.dropReplicas(now, event.ParentResyncs)
	s.freeBacklog(event.FullSync)
}

// Loading reports whether a snapshot from the master is taking the place of the data.
func (s *State) Loading() bool {
	return s.master != nil && s.master.sync.busy() && !s.master.sync.keeps
}

// busy reports whether the server is reading the snapshot.
func (in *incoming) busy() bool { return in.loading || in.parsing }

// Loaded answers Host.BeginLoad. streamDB is the snapshot's repl-stream-db, -1 when it has none.
// After an error the node is empty, or has what it had, and asks again.
func (s *State) Loaded(now time.Time, streamDB int, err error) {
	if s.master == nil || !s.master.sync.busy() {
		return
	}
	m := s.master
	if err != nil {
		if !m.sync.keeps {
			s.replaceIdentity(s.newID(), 0, event.LoadFailed)
		}
		m.sync = incoming{}
		s.linkFailed(event.LoadFailed, err.Error())
		s.closeLink(now)
		return
	}
	in := m.sync
	m.sync = incoming{}
	if in.keeps {
		s.letGo(now)
	}
	s.adopt(in)
	m.db = max(streamDB, 0)
	s.createBacklog()
	s.emit(event.SyncDone{Master: m.name(), Bytes: in.read, Offset: int64(s.offset)})
	s.linkUp(false)
	if in.mark != "" {
		s.sendAck()
	}
	link := m.link
	if len(in.held) > 0 {
		s.receiveStream(now, in.held)
	}
	if link == 0 && s.master == m {
		s.loseLink(now, event.MasterHungUp, in.lost)
	}
}

// adopt makes the history of a loaded snapshot ours. A master without PSYNC gives no name, and one
// whose name is malformed none that may be used.
func (s *State) adopt(in incoming) {
	m := s.master
	m.silent = in.offset < 0
	m.nameless = len(in.id) != idLength
	id := in.id
	if m.nameless {
		id = s.newID()
	}
	s.replaceIdentity(id, max(in.offset, 0), event.FullSync)
}

// holdStream keeps what arrives behind a snapshot until that is loaded.
func (s *State) holdStream(now time.Time, frame []byte) {
	in := &s.master.sync
	if len(in.held)+len(frame) > maxHeld {
		s.cancelLoad(now)
		s.refuseTransfer(now, event.OutputLimit, "too much arrived while loading")
		return
	}
	in.held = append(in.held, frame...)
}

// cancelLoad gives up a load in its middle, which leaves the node without data or history unless it has
// kept its old ones.
func (s *State) cancelLoad(now time.Time) {
	in := &s.master.sync
	if in.ahead && !in.busy() {
		s.host.CancelLoad(now) // nobody has seen anything of it
		in.ahead = false
	}
	if !in.busy() {
		return
	}
	in.loading, in.parsing = false, false
	s.host.CancelLoad(now)
	if !in.keeps {
		s.replaceIdentity(s.newID(), 0, event.LoadCancelled)
	}
}
