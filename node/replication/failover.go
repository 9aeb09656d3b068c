package replication

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/resp"
)

// failoverState is how far FAILOVER, by which a master hands its place to a replica, has come.
//
//	                 the replica has everything, or FORCE at the end of TIMEOUT
//	noFailover ──FAILOVER──▶ waitingForSync ──────────────▶ failoverInProgress
//	     ▲                        │ ABORT, or the end of TIMEOUT          │ +CONTINUE, +FULLRESYNC,
//	     └────────────────────────┴───────────────────────────────────────┘ refusal or ABORT
type failoverState uint8

const (
	noFailover         failoverState = iota
	waitingForSync                   // writes are paused, a replica catches up
	failoverInProgress               // we follow the replica, which has not answered PSYNC … FAILOVER
)

// String is the state's name in INFO.
func (st failoverState) String() string {
	return [...]string{"no-failover", "waiting-for-sync", "failover-in-progress"}[st]
}

// failover is a FAILOVER under way.
type failover struct {
	state failoverState
	host  string // the chosen replica's; empty lets any replica that has everything do
	port  int
	until time.Time // the end of TIMEOUT; zero waits for ever
	force bool
}

// target is the chosen replica's address, for events.
func (f *failover) target() string {
	if f.host == "" {
		return "any replica"
	}
	return f.host + ":" + strconv.Itoa(f.port)
}

// The refusals of FAILOVER.
const (
	errNoFailover      = "ERR No failover in progress."
	errFailoverTimeout = "ERR FAILOVER timeout must be greater than 0"
	errFailoverTwice   = "ERR FAILOVER already in progress."
	errFailoverReplica = "ERR FAILOVER is not valid when server is a replica."
	errFailoverAlone   = "ERR FAILOVER requires connected replicas."
	errFailoverForce   = "ERR FAILOVER with force option requires both a timeout and target HOST and IP."
	errFailoverNobody  = "ERR FAILOVER target HOST and PORT is not a replica."
	errFailoverOffline = "ERR FAILOVER target replica is not online."
	errFailingOver     = "NOMASTERLINK Can't SYNC while failing over"
	errReplicaOfNow    = "ERR REPLICAOF not allowed while failing over."
)

// Failover executes FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]: writes are
// paused until a replica has everything, then we become its replica and it a master
// (failoverCommand). The server refuses it in cluster mode first.
func (s *State) Failover(now time.Time, args [][]byte, w *resp.Writer) {
	if len(args) == 2 && bytes.EqualFold(args[1], []byte("abort")) {
		if s.failover.state == noFailover {
			w.Error(errNoFailover)
			return
		}
		s.abortFailover(now, event.ByHand)
		w.OK()
		return
	}
	want, problem := parseFailover(now, args)
	if problem == "" {
		problem = s.refuseFailover(&want)
	}
	if problem != "" {
		w.Error(problem)
		return
	}
	want.state = waitingForSync
	s.failover = want
	s.host.PauseForFailover(now)
	s.emit(event.Failover{Step: event.FailoverWaits, Target: want.target(), Offset: int64(s.offset)})
	w.OK()
}

// parseFailover reads the options, each of which may stand once and anywhere.
func parseFailover(now time.Time, args [][]byte) (want failover, problem string) {
	named := false
	for i := 1; i < len(args); i++ {
		left := len(args) - i - 1
		switch word := strings.ToLower(string(args[i])); {
		case word == "timeout" && left >= 1 && want.until.IsZero():
			ms, err := strconv.ParseInt(string(args[i+1]), 10, 64)
			if err != nil {
				return want, resp.ErrNotInteger
			}
			if ms <= 0 {
				return want, errFailoverTimeout
			}
			want.until = now.Add(time.Duration(min(ms, math.MaxInt64/int64(time.Millisecond))) * time.Millisecond)
			i++
		case word == "to" && left >= 2 && !named:
			port, err := strconv.Atoi(string(args[i+2]))
			if err != nil {
				return want, resp.ErrNotInteger
			}
			named, want.host, want.port = true, string(args[i+1]), port
			i += 2
		case word == "force" && !want.force:
			want.force = true
		default:
			return want, resp.ErrSyntax
		}
	}
	return want, ""
}

// refuseFailover says why a well-formed FAILOVER may not begin.
func (s *State) refuseFailover(want *failover) (problem string) {
	switch {
	case s.failover.state != noFailover:
		return errFailoverTwice
	case s.master != nil:
		return errFailoverReplica
	case len(s.replicas) == 0:
		return errFailoverAlone
	case want.force && (want.until.IsZero() || want.host == ""):
		return errFailoverForce
	case want.host == "":
		return ""
	}
	r := s.replicaAt(want.host, want.port)
	switch {
	case r == nil:
		return errFailoverNobody
	case r.state != Online:
		return errFailoverOffline
	}
	return ""
}

// replicaAt finds an attached replica by the address under which it serves clients.
func (s *State) replicaAt(host string, port int) *replica {
	for _, r := range s.replicas {
		if h, p := r.address(); p == port && strings.EqualFold(h, host) {
			return r
		}
	}
	return nil
}

// stepFailover looks whether the replica has caught up, or the patience is over: after each input
// and each cron (updateFailoverStatus).
func (s *State) stepFailover(now time.Time) {
	f := &s.failover
	if f.state != waitingForSync {
		return
	}
	late := !f.until.IsZero() && !now.Before(f.until)
	switch r := s.successor(); {
	case late && !f.force:
		s.abortFailover(now, event.FailoverTimeout)
	case late:
		s.handOver(now, event.FailoverForced)
	case r != nil:
		f.host, f.port = r.address()
		s.handOver(now, "")
	}
}

// successor is a replica to which the place may be handed without losing anything: the chosen one,
// or any, once it has acknowledged all we have produced.
func (s *State) successor() *replica {
	for _, r := range s.replicas {
		host, port := r.address()
		chosen := s.failover.host == "" || port == s.failover.port && strings.EqualFold(host, s.failover.host)
		if chosen && r.state == Online && r.ack == s.offset {
			return r
		}
	}
	return nil
}

// handOver follows the replica; PSYNC … FAILOVER will tell it to be the master.
func (s *State) handOver(now time.Time, why event.Reason) {
	f := &s.failover
	f.state = failoverInProgress
	s.emit(event.Failover{Step: event.FailoverHandsOver, Target: f.target(), Offset: int64(s.offset), Why: why})
	s.SetMaster(now, f.host, f.port)
}

// abortFailover calls a FAILOVER off: we are the master again, if we had ceased to be.
func (s *State) abortFailover(now time.Time, why event.Reason) {
	began := s.failover
	if began.state == failoverInProgress {
		s.Promote(now)
	}
	s.emit(event.Failover{Step: event.FailoverAborted, Target: began.target(), Offset: int64(s.offset), Why: why})
	s.endFailover(now)
}

// endFailover lets the clients go on: what they had sent is executed, or answered READONLY.
func (s *State) endFailover(now time.Time) {
	s.failover = failover{}
	s.host.ResumeAfterFailover(now)
}

// failoverAnswered takes the chosen replica's answer to PSYNC … FAILOVER. A full synchronisation is
// accepted as well: it can happen after FORCE.
func (s *State) failoverAnswered(now time.Time, accepted bool) {
	if s.failover.state != failoverInProgress {
		return
	}
	if !accepted {
		s.abortFailover(now, event.MasterRefused)
		return
	}
	s.emit(event.Failover{Step: event.FailoverDone, Target: s.failover.target(), Offset: int64(s.offset)})
	s.endFailover(now)
}
