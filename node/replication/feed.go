package replication

import (
	"slices"
	"strconv"

	"clusterplay/node/machine"
)

// Words of the stream in the spelling of 7.0.15, whose length counts.
const (
	streamPing   = "*1\r\n$4\r\nping\r\n"
	streamGetAck = "*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n"
	streamMulti  = "*1\r\n$5\r\nMULTI\r\n"
	streamExec   = "*1\r\n$4\r\nEXEC\r\n"
)

// Command is one effect to propagate.
type Command struct {
	DB   int
	Args [][]byte
}

// Feeding reports whether Feed would produce anything. It lets the server skip collecting effects
// nobody wants.
func (s *State) Feeding() bool { return s.master == nil && s.log != nil }

// Feed puts the effects of one unit into the stream: a top-level command, an EXEC, the serving of
// one blocked client. Two effects or more are wrapped into MULTI and EXEC, so that no replica ever
// shows a part of them. A replica feeds nothing: what a client writes to it stays its own.
func (s *State) Feed(unit ...Command) {
	if !s.Feeding() || len(unit) == 0 {
		return
	}
	s.scratch = s.scratch[:0]
	if len(unit) > 1 {
		s.selectDB(unit[0].DB)
		s.scratch = append(s.scratch, streamMulti...)
	}
	for i := range unit {
		s.selectDB(unit[i].DB)
		s.scratch = appendCommand(s.scratch, unit[i].Args)
	}
	if len(unit) > 1 {
		s.scratch = append(s.scratch, streamExec...)
	}
	s.produce(s.scratch)
}

// FeedOne is Feed for a unit of one effect, and for deletions by expiry and eviction, which are
// never wrapped.
func (s *State) FeedOne(db int, args [][]byte) {
	if !s.Feeding() {
		return
	}
	s.scratch = s.scratch[:0]
	s.selectDB(db)
	s.scratch = appendCommand(s.scratch, args)
	s.produce(s.scratch)
}

// TakesOpenSlots reports whether every replica that is attached understands CLUSTER SETSLOT in the
// stream; a replica that is away is told when it comes back.
func (s *State) TakesOpenSlots() bool {
	return s.Feeding() && !slices.ContainsFunc(s.replicas, func(r *replica) bool { return !r.openSlots && !r.filtered })
}

// selectDB puts SELECT in front of a command when the stream has another database selected.
func (s *State) selectDB(db int) {
	if db == s.streamDB {
		return
	}
	s.streamDB = db
	var digits [20]byte
	number := strconv.AppendInt(digits[:0], int64(db), 10)
	s.scratch = append(s.scratch, "*2\r\n$6\r\nSELECT\r\n"...)
	s.scratch = appendBulk(s.scratch, number)
}

// produce makes raw the next bytes of the stream. Replicas get them before we sleep.
func (s *State) produce(raw []byte) {
	s.offset += Offset(len(raw))
	if s.log != nil {
		s.log.append(raw)
	}
}

func appendCommand(b []byte, args [][]byte) []byte {
	b = append(b, '*')
	b = strconv.AppendInt(b, int64(len(args)), 10)
	b = append(b, '\r', '\n')
	for _, arg := range args {
		b = appendBulk(b, arg)
	}
	return b
}

func appendBulk(b, arg []byte) []byte {
	b = append(b, '$')
	b = strconv.AppendInt(b, int64(len(arg)), 10)
	b = append(b, '\r', '\n')
	b = append(b, arg...)
	return append(b, '\r', '\n')
}

// command encodes words as a request.
func command(words ...string) []byte {
	args := make([][]byte, len(words))
	for i, w := range words {
		args[i] = []byte(w)
	}
	return appendCommand(nil, args)
}

// send queues a request on a link.
func (s *State) send(link machine.LinkID, words ...string) {
	s.todo.Send = append(s.todo.Send, machine.Send{Link: link, Data: command(words...)})
}
