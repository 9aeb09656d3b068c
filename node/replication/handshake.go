package replication

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/event"
)

// expectation is a reply the handshake waits for.
type expectation uint8

const (
	expectPing expectation = iota + 1
	expectAuth
	expectReplconf // whatever it is: older masters do not know every option
	expectPsync
)

const (
	// maxLine is the longest line of a handshake: Redis reads them into 1024 bytes.
	maxLine = 1024
	// lineTimeout bounds the time between a line's first byte and its last (repl-sync-io timeout).
	lineTimeout = 5 * time.Second
)

// beginHandshake says PING to a master that has accepted our connection.
func (s *State) beginHandshake(now time.Time) {
	m := s.master
	m.state, m.heard = Handshake, now
	m.expect = append(m.expect[:0], expectPing)
	s.send(m.link, "PING")
}

// receiveLine takes what belongs to the current line off frame and returns the rest.
func (s *State) receiveLine(now time.Time, frame []byte) []byte {
	line, rest, ok := s.takeLine(now, frame)
	if ok && len(line) > 0 { // an empty line is a sign of life
		s.handshakeReply(now, string(line))
	}
	return rest
}

// takeLine returns the next line without its end. The line is valid until the next call.
func (s *State) takeLine(now time.Time, frame []byte) (line, rest []byte, ok bool) {
	m := s.master
	if len(m.line) == 0 {
		m.since = now
	}
	end := bytes.IndexByte(frame, '\n')
	take := len(frame)
	if end >= 0 {
		take = end + 1
	}
	if len(m.line)+take > maxLine {
		s.loseLink(now, event.MasterProtocol, "line too long")
		return nil, nil, false
	}
	m.line = append(m.line, frame[:take]...)
	if end < 0 {
		return nil, nil, false
	}
	line = bytes.TrimRight(m.line, "\r\n")
	m.line = m.line[:0]
	return line, frame[take:], true
}

// handshakeReply takes the reply to the oldest request of the handshake.
func (s *State) handshakeReply(now time.Time, line string) {
	m := s.master
	expected := m.expect[0]
	m.expect = m.expect[1:]
	switch expected {
	case expectPing:
		s.pingReply(now, line)
	case expectAuth:
		if line[0] == '-' {
			s.loseLink(now, event.MasterRefused, line)
			return
		}
	case expectPsync:
		s.psyncReply(now, line)
		return
	}
	if m.state == Handshake && len(m.expect) == 0 {
		s.askPsync()
	}
}

// pingReply introduces ourselves to a master that is alive. All of it is written in one burst;
// only PSYNC waits for the replies.
func (s *State) pingReply(now time.Time, line string) {
	m := s.master
	if line[0] != '+' && !wantsAuth(line) {
		s.loseLink(now, event.MasterRefused, line)
		return
	}
	if s.cfg.MasterAuth != "" {
		words := []string{"AUTH", s.cfg.MasterAuth}
		if s.cfg.MasterUser != "" {
			words = []string{"AUTH", s.cfg.MasterUser, s.cfg.MasterAuth}
		}
		s.send(m.link, words...)
		m.expect = append(m.expect, expectAuth)
	}
	s.replconf("listening-port", strconv.Itoa(s.cfg.Port))
	if s.cfg.AnnounceIP != "" {
		s.replconf("ip-address", s.cfg.AnnounceIP)
	}
	words := []string{"capa", "eof", "capa", "psync2"}
	if s.cfg.OpenSlots {
		words = append(words, "capa", capaOpenSlots)
	}
	s.replconf(words...)
}

// wantsAuth reports whether a PING was refused only for lack of a password or a permission.
func wantsAuth(line string) bool {
	return strings.HasPrefix(line, "-NOAUTH") || strings.HasPrefix(line, "-NOPERM") ||
		strings.HasPrefix(line, "-ERR operation not permitted")
}

func (s *State) replconf(words ...string) {
	s.send(s.master.link, append([]string{"REPLCONF"}, words...)...)
	s.master.expect = append(s.master.expect, expectReplconf)
}

// askPsync asks to continue where we stopped, or for everything when there is nothing to continue.
func (s *State) askPsync() {
	m := s.master
	id, from := "?", Offset(-1)
	if m.resumable {
		id, from = s.id, s.offset+1
	}
	words := []string{"PSYNC", id, itoa(int64(from))}
	if s.failover.state == failoverInProgress {
		words = append(words, "FAILOVER")
	}
	s.send(m.link, words...)
	m.expect = append(m.expect, expectPsync)
}

// psyncReply takes the master's decision (slaveTryPartialResynchronization).
func (s *State) psyncReply(now time.Time, line string) {
	word, rest, _ := strings.Cut(line, " ")
	if s.failoverAnswered(now, word == "+FULLRESYNC" || word == "+CONTINUE"); s.master == nil {
		return // it did not want our place
	}
	switch word {
	case "+FULLRESYNC":
		s.fullResync(now, rest)
	case "+CONTINUE":
		s.continueStream(now, rest)
	case "-NOMASTERLINK", "-LOADING":
		s.loseLink(now, event.MasterLoading, line)
	default:
		s.fallBackToSync(now)
	}
}

func (s *State) fullResync(now time.Time, rest string) {
	id, text, _ := strings.Cut(rest, " ")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || !Offset(n).believable() {
		s.loseLink(now, event.MasterProtocol, "+FULLRESYNC "+rest)
		return
	}
	s.master.state = Transfer
	s.master.sync = incoming{id: id, offset: Offset(n), size: -1}
}

// fallBackToSync asks a master that does not know PSYNC for everything, in the old way: its
// history has no name and no offset.
func (s *State) fallBackToSync(now time.Time) {
	m := s.master
	m.state = Transfer
	m.sync = incoming{offset: -1, size: -1}
	s.sendRaw(m.link, "SYNC\r\n")
}

// continueStream goes on where we stopped. The master may say that our history has another name by
// now; our own replicas must come back to learn it.
func (s *State) continueStream(now time.Time, id string) {
	m := s.master
	if !m.resumable {
		s.loseLink(now, event.MasterProtocol, "+CONTINUE without anything to continue")
		return
	}
	if id != "" && len(id) != idLength {
		s.loseLink(now, event.MasterProtocol, "+CONTINUE "+id)
		return
	}
	if id != "" && id != s.id {
		s.shiftIdentity(id, event.MasterChangedID)
		s.dropReplicas(now, event.IdentityChanged)
	}
	if s.log == nil {
		s.createBacklog()
	}
	m.silent, m.nameless = false, false
	s.linkUp(true)
}
