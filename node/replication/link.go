package replication

import (
	"net/netip"
	"strings"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// LinkState is how far a replica has come with its master.
//
//	Connect ──dial──▶ Connecting ──▶ Handshake ──+FULLRESYNC──▶ Transfer ──loaded──▶ Connected
//	   ▲                  │              │  └──────────+CONTINUE──────│────────────────▲ │
//	   └──────────────────┴──────────────┴────────────────────────────┴──── hangup ──────┘
type LinkState uint8

// The states of the link to the master.
const (
	NoMaster LinkState = iota
	Connect
	Connecting
	Handshake
	Transfer
	Connected
)

// String is the state's name in ROLE.
func (st LinkState) String() string {
	return [...]string{"none", "connect", "connecting", "handshake", "sync", "connected"}[st]
}

// master is the node we follow and the link to it.
type master struct {
	host  string
	port  int
	state LinkState
	link  machine.LinkID
	heard time.Time // the last byte from it, or the last step forward
	since time.Time // when the unfinished line began

	// resumable says that our identity is one a master may let us continue.
	resumable bool
	nameless  bool // its stream has no usable name and cannot be continued
	silent    bool // it does not know PSYNC, so it gets no ACK
	db        int  // the database selected in its stream
	failure   event.Reason
	answered  bool      // something came on this link
	retry     time.Time // when to dial again although no second is over; zero for not before

	line   []byte // the unfinished line of the handshake
	expect []expectation
	sync   incoming
	came   Sync // how its data came last

	parser resp.Parser
	unit   []byte // MULTI and what followed, until EXEC
	replay resp.Parser
}

// name is the master's address.
func (m *master) name() string { return m.host + ":" + itoa(int64(m.port)) }

// addr is where to dial. Names are not resolved, but for this computer's own.
func (m *master) addr() (netip.AddrPort, bool) {
	host := m.host
	if strings.EqualFold(host, "localhost") {
		host = "127.0.0.1"
	}
	ip, err := netip.ParseAddr(host)
	return netip.AddrPortFrom(ip, uint16(m.port)), err == nil && m.port > 0
}

// dial begins to connect to the master.
func (s *State) dial(now time.Time) {
	m := s.master
	addr, ok := m.addr()
	if !ok {
		s.linkFailed(event.NoAddress, m.host)
		return
	}
	m.state, m.heard, m.link = Connecting, now, s.cfg.NewLink()
	m.answered, m.retry = false, time.Time{}
	s.todo.Dial = append(s.todo.Dial, machine.Dial{Link: m.link, Kind: machine.Replication, Addr: addr})
}

// OwnsLink reports whether link is the one to our master. The server routes by it.
func (s *State) OwnsLink(link machine.LinkID) bool {
	return s.master != nil && s.master.link == link && link != 0
}

// Connected tells that the link to the master is open.
func (s *State) Connected(now time.Time, link machine.LinkID) {
	if s.OwnsLink(link) && s.master.state == Connecting {
		s.beginHandshake(now)
	}
}

// Receive hands over bytes from the master, cut anywhere.
func (s *State) Receive(now time.Time, link machine.LinkID, frame []byte) {
	if !s.OwnsLink(link) {
		return
	}
	m := s.master
	m.heard, m.answered = now, true
	for len(frame) > 0 && s.OwnsLink(link) {
		switch m.state {
		case Handshake:
			frame = s.receiveLine(now, frame)
		case Transfer:
			frame = s.receiveTransfer(now, frame)
		case Connected:
			s.receiveStream(now, frame)
			frame = nil
		default:
			frame = nil
		}
	}
}

// Hangup tells that the link to the master died, or could not be opened.
func (s *State) Hangup(now time.Time, link machine.LinkID, err error) {
	if !s.OwnsLink(link) {
		return
	}
	detail := ""
	if err != nil {
		detail = err.Error()
	}
	if s.master.sync.loading {
		s.master.sync.lost = detail
		s.master.link = 0
		return
	}
	s.master.link = 0
	s.loseLink(now, event.MasterHungUp, detail)
}

// unansweredRetry is how long after a link on which nothing came the next is dialled. Redis waits for the next
// tick, up to a second; nobody is disturbed by asking sooner, since nobody is there.
const unansweredRetry = 200 * time.Millisecond

// loseLink is what follows from the end of the link in each state. A link that had worked is
// dialled anew at once, one that nobody answered soon, and one that a master refused at the next tick.
func (s *State) loseLink(now time.Time, why event.Reason, detail string) {
	m := s.master
	was := m.state
	s.linkFailed(why, detail)
	s.closeLink(now)
	switch {
	case was == Connected || was == Transfer:
		s.dial(now)
	case !m.answered:
		m.retry = now.Add(unansweredRetry)
	}
}

// redial dials a master that did not answer, when the time has come.
func (s *State) redial(now time.Time) {
	m := s.master
	if m == nil || m.state != Connect || m.retry.IsZero() {
		return
	}
	if wait := m.retry.Sub(now); wait <= 0 || wait > unansweredRetry { // a longer wait is a clock that was set back
		s.dial(now)
	}
}

// closeLink ends the link to the master, keeping what is needed to continue later, and gives up
// what was received and not executed: an unfinished command, an open MULTI, a part of a
// snapshot.
func (s *State) closeLink(now time.Time) {
	m := s.master
	s.cancelLoad(now)
	if m.link != 0 {
		s.todo.Close = append(s.todo.Close, m.link)
		m.link = 0
	}
	if m.state == Connected {
		s.downSince = now
		m.resumable = !m.nameless
	}
	m.state = Connect
	m.line, m.expect, m.sync = nil, nil, incoming{}
	m.parser.Reset()
	m.unit = m.unit[:0]
}

// linkFailed tells why there is no link, once.
func (s *State) linkFailed(why event.Reason, detail string) {
	m := s.master
	if m.state != Connected && m.failure == why {
		return
	}
	m.failure = why
	s.emit(event.MasterLinkDown{Master: m.name(), Offset: int64(s.offset), Why: why, Detail: detail})
}

// linkUp begins to follow the stream.
func (s *State) linkUp(partial bool) {
	m := s.master
	m.state, m.failure, s.grounded = Connected, "", true
	m.resumable = !m.nameless
	m.parser.Reset()
	m.unit = m.unit[:0]
	s.downSince = time.Time{}
	m.came = Sync{Full: !partial, At: m.heard, Offset: s.offset}
	s.emit(event.MasterLinkUp{Master: m.name(), ReplID: s.id, Offset: int64(s.offset), Partial: partial})
}

// LinkState returns how far we have come with our master.
func (s *State) LinkState() LinkState {
	if s.master == nil {
		return NoMaster
	}
	return s.master.state
}

// DataAge returns for how long our data may have been getting old: the time since the master was
// heard of while the link is up, else since it went down (clusterHandleSlaveFailover). It is
// known only of a replica whose link was up once.
func (s *State) DataAge(now time.Time) (age time.Duration, known bool) {
	switch {
	case s.master == nil:
		return 0, true
	case s.master.state == Connected:
		return now.Sub(s.master.heard), true
	case s.downSince.IsZero():
		return 0, false
	}
	return now.Sub(s.downSince), true
}
