package replication

import (
	"strconv"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// maxUnit bounds an open transaction of the master's stream, as proto-max-bulk-len bounds a word.
const maxUnit = 512 << 20

// receiveStream executes the commands of the master's stream. What is executed, to the byte,
// becomes part of our own stream; what is not, a half command or an open MULTI, does not exist
// until its end has come.
func (s *State) receiveStream(now time.Time, frame []byte) {
	s.master.parser.Feed(frame)
	s.followStream(now)
}

// Hold has the master's stream received and not executed, until it is called again.
func (s *State) Hold(now time.Time, hold bool) {
	s.held = hold
	if s.master != nil && s.master.state == Connected {
		s.followStream(now)
	}
}

// followStream executes what has come.
func (s *State) followStream(now time.Time) {
	m := s.master
	for !s.held && s.master == m && m.state == Connected {
		args, raw, err := m.parser.Next()
		if err != nil || len(m.unit) > maxUnit {
			s.streamBroken(now, err)
			return
		}
		if len(raw) == 0 {
			return
		}
		s.streamCommand(now, args, raw)
	}
}

// streamBroken closes a link on which something else than commands came. What we think we have of
// the stream may be wrong as well, so it is not continued.
func (s *State) streamBroken(now time.Time, err error) {
	detail := "transaction too large"
	if err != nil {
		detail = err.Error()
	}
	s.linkFailed(event.MasterProtocol, detail)
	s.closeLink(now)
	s.master.resumable = false
}

// streamCommand takes one command of the stream: alone, or as a part of a transaction, which is
// kept until it can be executed whole.
func (s *State) streamCommand(now time.Time, args [][]byte, raw []byte) {
	m := s.master
	open := len(m.unit) > 0
	name := ""
	if len(args) == 1 {
		name = unitWord(args[0])
	}
	if !open && name != "multi" {
		s.execute(now, args)
		s.produce(raw)
		return
	}
	m.unit = append(m.unit, raw...)
	switch name {
	case "exec":
		s.executeUnit(now)
	case "discard":
		s.endUnit()
	}
}

// unitWord returns which word of a transaction's frame arg is, if any.
func unitWord(arg []byte) string {
	for _, w := range [...]string{"multi", "exec", "discard"} {
		if is(arg, w) {
			return w
		}
	}
	return ""
}

// executeUnit executes a transaction, all of it within this one door.
func (s *State) executeUnit(now time.Time) {
	m := s.master
	m.replay.Feed(m.unit)
	s.host.OpenUnit(now)
	defer s.host.CloseUnit(now)
	for {
		args, raw, err := m.replay.Next()
		if err != nil || len(raw) == 0 {
			break
		}
		s.execute(now, args)
	}
	s.endUnit()
}

func (s *State) endUnit() {
	s.produce(s.master.unit)
	s.master.unit = s.master.unit[:0]
}

// execute carries out one command of the master.
func (s *State) execute(now time.Time, args [][]byte) {
	switch {
	case len(args) == 0 || is(args[0], "ping"):
	case len(args) == 1 && unitWord(args[0]) != "": // the frame of a transaction is not a change
	case is(args[0], "select") && len(args) == 2:
		if db, err := strconv.Atoi(string(args[1])); err == nil && db >= 0 {
			s.master.db = db
		}
	case is(args[0], "replconf"):
		if len(args) > 1 && is(args[1], "getack") {
			s.sendAck()
		}
	default:
		s.host.Apply(now, max(s.master.db, 0), args)
	}
}

// is reports whether word, in any case, is the lower-case name.
func is(word []byte, name string) bool {
	if len(word) != len(name) {
		return false
	}
	for i := range word {
		if word[i]|0x20 != name[i] {
			return false
		}
	}
	return true
}

// received is how many bytes of the stream have come, executed or not.
func (s *State) received() Offset {
	m := s.master
	return s.offset + Offset(m.parser.Buffered()+len(m.unit))
}

// sendAck tells the master how far we have executed its stream.
func (s *State) sendAck() {
	m := s.master
	if m == nil || m.state != Connected || m.silent || m.link == 0 {
		return
	}
	ack := s.offset
	if s.cfg.Mutants.AckBeforeApply {
		ack = s.received()
	}
	s.send(m.link, "REPLCONF", "ACK", itoa(int64(ack)))
}

func (s *State) sendRaw(link machine.LinkID, text string) {
	s.todo.Send = append(s.todo.Send, machine.Send{Link: link, Data: []byte(text)})
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
