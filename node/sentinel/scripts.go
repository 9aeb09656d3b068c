package sentinel

import (
	"slices"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// The roles in which a Sentinel tells a client-reconfig-script of a new address.
const (
	leader   = "leader"
	observer = "observer"
)

// The bounds of Redis (SENTINEL_SCRIPT_*).
const (
	maxScripts       = 256 // that wait or run; beyond it the oldest that waits is dropped
	maxScriptsAtOnce = 16
	maxScriptTries   = 10
)

const (
	exitRetry  = 1  // with which a script asks to be run again
	signalFork = 99 // what Redis says instead of a signal when there could be no process
)

// scripts are the programs that people have put beside the file, in the order in which they were asked
// for. This Sentinel decides what runs when; the driver runs it.
type scripts struct {
	queue   []*script
	last    uint64 // the latest job
	running int
}

// script is one program that waits, runs, or waits to be run again.
type script struct {
	job     uint64
	argv    []string
	running bool
	pid     int
	tries   int
	at      time.Time // running: since when; else: not before
}

// notify hands an event to a master's notification-script (sentinelEvent).
func (s *Sentinel) notify(m *master, e event.Published) {
	if m.notifyScript != "" && event.LevelOf(e) == event.Warning {
		s.schedule(m.notifyScript, e.Name(), e.Payload())
	}
}

// reconfigured tells a master's client-reconfig-script that clients must learn its new address, and in
// which role we know of it (sentinelCallClientReconfScript).
func (s *Sentinel) reconfigured(m *master, role string, from, to address) {
	if m.reconfigScript != "" {
		s.schedule(m.reconfigScript, m.name, role, "start",
			s.hostOf(from), itoa(int64(from.port)), s.hostOf(to), itoa(int64(to.port)))
	}
}

// schedule asks for a program to be run (sentinelScheduleScriptExecution). Where the driver runs none,
// nothing is asked for.
func (s *Sentinel) schedule(path string, args ...string) {
	if s.cfg.Runnable == nil {
		return
	}
	q := &s.scripts
	q.last++
	q.queue = append(q.queue, &script{job: q.last, argv: append([]string{path}, args...)})
	if len(q.queue) > maxScripts {
		oldest := slices.IndexFunc(q.queue, func(j *script) bool { return !j.running })
		q.queue = slices.Delete(q.queue, oldest, oldest+1)
	}
}

// tendScripts runs what is due, and kills what has run for too long.
func (s *Sentinel) tendScripts() {
	q := &s.scripts
	for _, j := range q.queue {
		if q.running < maxScriptsAtOnce && !j.running && !j.at.After(s.now) {
			s.run(j)
		}
	}
	for _, j := range q.queue {
		if j.running && j.pid != 0 && s.now.Sub(j.at) > s.periods.ScriptMaxRuntime {
			s.emit(event.ScriptTimeout{Path: j.argv[0], PID: j.pid})
			s.todo.Kill = append(s.todo.Kill, j.job)
		}
	}
}

func (s *Sentinel) run(j *script) {
	j.running, j.at = true, s.now
	j.tries++
	s.scripts.running++
	s.todo.Run = append(s.todo.Run, machine.Run{Job: j.job, Argv: j.argv})
}

// job is the program of that number, if it runs.
func (q *scripts) job(n uint64) *script {
	for _, j := range q.queue {
		if j.job == n && j.running {
			return j
		}
	}
	return nil
}

// end notes that a program runs no longer.
func (q *scripts) end(j *script) {
	j.running, j.pid = false, 0
	q.running--
}

// remove drops a program.
func (q *scripts) remove(j *script) {
	q.queue = slices.DeleteFunc(q.queue, func(o *script) bool { return o == j })
}

// again makes a program that has ended wait for its next attempt; it reports false when there were enough.
func (s *Sentinel) again(j *script) bool {
	j.at = s.now.Add(s.periods.ScriptRetryDelay << (j.tries - 1))
	return j.tries < maxScriptTries
}

// Started tells of a program's process, or why there is none.
func (s *Sentinel) Started(now time.Time, job uint64, pid int, err error) {
	s.enter(now)
	j := s.scripts.job(job)
	switch {
	case j == nil: // it has ended already
	case err != nil:
		s.emit(event.ScriptError{Path: j.argv[0], Signal: signalFork})
		s.scripts.end(j)
		if !s.again(j) {
			s.scripts.remove(j)
		}
	default:
		j.pid = pid
	}
}

// Ended tells how a program ended. One that was killed, or asks for it, is run again later
// (sentinelCollectTerminatedScripts).
func (s *Sentinel) Ended(now time.Time, job uint64, how machine.Ending) {
	s.enter(now)
	j := s.scripts.job(job)
	if j == nil {
		return
	}
	s.scripts.end(j)
	if (how.Signal != 0 || how.Exit == exitRetry) && s.again(j) {
		return
	}
	if how != (machine.Ending{}) {
		s.emit(event.ScriptError{Path: j.argv[0], Signal: how.Signal, Exit: how.Exit})
	}
	s.scripts.remove(j)
}

// pendingScripts: SENTINEL PENDING-SCRIPTS
func (s *Sentinel) pendingScripts(c *client, _ [][]byte) {
	c.Array(len(s.scripts.queue))
	for _, j := range s.scripts.queue {
		flags, times, since := "scheduled", "run-delay", max(0, j.at.Sub(s.now))
		switch {
		case j.running:
			flags, times, since = "running", "run-time", s.now.Sub(j.at)
		case j.at.IsZero():
			since = 0
		}
		c.Map(5)
		c.BulkString("argv")
		c.Array(len(j.argv))
		for _, arg := range j.argv {
			c.BulkString(arg)
		}
		var shown fields
		shown.text("flags", flags)
		shown.text("pid", itoa(int64(j.pid)))
		shown.millis(times, since)
		shown.text("retry-num", itoa(int64(j.tries)))
		for _, text := range shown.pairs {
			c.BulkString(text)
		}
	}
}

var _ machine.Parent = (*Sentinel)(nil)
