package aof

import (
	"errors"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// The periods of the log's own work.
const (
	// syncEvery is the period of appendfsync everysec.
	syncEvery = time.Second
	// retryEvery is how often a write that failed is tried again (serverCron's second).
	retryEvery = time.Second
	// keepBuffer is the largest buffer kept for the next changes.
	keepBuffer = 64 << 10
)

// syncing is the making durable beside the node's work.
type syncing struct {
	token uint64 // of the one under way, 0 for none
	upTo  int64  // how much of the file it makes durable
	last  time.Time
	fail  string // why the last one failed
}

// trouble is a write that failed and is tried again.
type trouble struct {
	token uint64 // of the last Append until it is known to have succeeded
	why   string // "" when all is well
	tried time.Time
}

// BeforeSleep returns the file operations that are due. busy says that a snapshot is being written.
func (s *State) BeforeSleep(now time.Time, busy bool) ([]machine.Save, []event.Event) {
	s.accepted()
	s.flush(now, busy)
	saves, events := s.saves, s.events
	s.saves, s.events = s.saves[:0], s.events[:0]
	return saves, events
}

// flush hands what was logged to the driver and asks for durability where it is due.
func (s *State) flush(now time.Time, busy bool) {
	if s.file == "" {
		return
	}
	relaxed := s.cfg.RelaxedWhile && busy
	if len(s.buf) > 0 && (s.trouble.why == "" || now.Sub(s.trouble.tried) >= retryEvery) {
		s.write(now, s.cfg.Policy == Always && !relaxed)
	}
	switch {
	case relaxed || s.incr == s.durable || s.trouble.why != "":
	case s.cfg.Policy == Always:
		s.save(machine.Save{Op: machine.Append, Name: s.file, Sync: true})
		s.durable = s.incr
	case s.cfg.Policy == EverySecond && s.sync.token == 0 && now.Sub(s.sync.last) >= syncEvery:
		s.sync.last, s.sync.upTo = now, s.incr
		s.sync.token = s.newToken()
		s.save(machine.Save{Op: machine.Sync, Name: s.file, Token: s.sync.token})
	}
}

// write hands the buffer over. Under Always nobody may be told of a change that is not durable, so
// that a failure ends the node; else the driver keeps quiet unless the write is refused, and the bytes
// are kept until then.
func (s *State) write(now time.Time, sync bool) {
	if cap(s.flying) > keepBuffer {
		s.flying = nil
	}
	s.flying, s.buf = s.buf, s.flying[:0]
	op := machine.Save{Op: machine.Append, Name: s.file, Data: s.flying, Sync: sync}
	if s.cfg.Policy != Always {
		s.trouble.token = s.newToken()
		op.Token, op.Quiet = s.trouble.token, true
	}
	s.trouble.tried = now
	s.save(op)
	s.size += int64(len(s.flying))
	s.incr += int64(len(s.flying))
	if sync {
		s.durable = s.incr
	}
}

// accepted notes that the last Append has succeeded: a refusal would have been heard at once.
func (s *State) accepted() {
	tried := s.trouble.token != 0
	s.trouble.token = 0
	if tried && s.trouble.why != "" {
		s.trouble.why = ""
		s.emit(event.DiskWell{File: s.file, Disk: s.cfg.Disk})
	}
}

// refused hears that the last Append failed. What did not reach the file is tried again later.
func (s *State) refused(now time.Time, err error) {
	left := s.flying
	var short *machine.ShortWrite
	if errors.As(err, &short) {
		left = left[min(short.Written, len(left)):]
	}
	s.size -= int64(len(left))
	s.incr -= int64(len(left))
	s.buf = append(append(make([]byte, 0, len(left)+len(s.buf)), left...), s.buf...)
	s.flying = nil
	if s.trouble.why == "" {
		s.emit(event.DiskTrouble{File: s.file, Disk: s.cfg.Disk, Why: machine.Reason(err)})
	}
	s.trouble = trouble{why: machine.Reason(err), tried: now}
	s.Abort(now)
}

// synced hears how a Sync ended.
func (s *State) synced(err error) {
	s.sync.token = 0
	switch {
	case err != nil:
		if s.sync.fail == "" {
			s.emit(event.DiskTrouble{File: s.file, Disk: s.cfg.Disk, Why: machine.Reason(err)})
		}
		s.sync.fail = machine.Reason(err)
	default:
		s.durable = max(s.durable, s.sync.upTo)
		if s.sync.fail != "" {
			s.emit(event.DiskWell{File: s.file, Disk: s.cfg.Disk})
		}
		s.sync.fail = ""
	}
}

// Refusal is why no change may be made now: the disk refused the log. It is "" when all is well.
func (s *State) Refusal() string {
	switch {
	case s.mode == Off:
		return ""
	case s.trouble.why != "":
		return s.trouble.why
	}
	return s.sync.fail
}

// use makes file the one that is appended to. What the one before has not made durable is made so
// beside the node's work.
func (s *State) use(now time.Time, file string, size int64) {
	if s.file != "" && s.durable != s.incr && s.cfg.Policy != Never {
		s.save(machine.Save{Op: machine.Sync, Name: s.file, Token: unheard})
	}
	s.file, s.incr, s.durable, s.db = file, size, size, -1
	s.sync = syncing{last: now, fail: s.sync.fail}
}

// Finish writes what there is and makes it durable: the node ends.
func (s *State) Finish() {
	if s.file == "" || s.mode != On {
		return
	}
	s.save(machine.Save{Op: machine.Append, Name: s.file, Data: s.buf, Sync: true, Token: unheard})
	s.buf = nil
}

// Stop ends the log: what there is of it is written and made durable (stopAppendOnly).
func (s *State) Stop(now time.Time) {
	if s.mode == Off {
		return
	}
	s.Abort(now)
	if s.mode == On && s.file != "" {
		if len(s.buf) > 0 {
			s.save(machine.Save{Op: machine.Append, Name: s.file, Data: s.buf, Token: unheard})
			s.buf = nil
		}
		s.save(machine.Save{Op: machine.Sync, Name: s.file, Token: unheard})
	}
	s.mode, s.scheduled, s.file = Off, false, ""
	s.buf, s.size, s.incr, s.durable = nil, 0, 0, 0
	s.trouble, s.sync = trouble{}, syncing{}
}
