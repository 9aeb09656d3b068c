package server

import (
	"math"
	"slices"
	"strconv"

	"clusterplay/node/replication"
	"clusterplay/node/resp"
)

const errWaitReplica = "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica " +
	"is configured to be writable (which is not the default) writes to replicas are just local and are not propagated."

// waitCommand: WAIT numreplicas timeout
func (s *Server) waitCommand(c *client) {
	if s.isReplica() {
		c.ctx.Error(errWaitReplica)
		return
	}
	want, err := strconv.ParseInt(string(c.ctx.Args[1]), 10, 64)
	if err != nil {
		c.ctx.Error(resp.ErrNotInteger)
		return
	}
	ms, refusal := s.waitTimeout(c.ctx.Args[2])
	if refusal != "" {
		c.ctx.Error(refusal)
		return
	}
	acked := s.repl.AckedAt(c.offset)
	if int64(acked) >= want || c.ctx.NoBlock {
		c.ctx.Int(int64(acked))
		return
	}
	p := &parked{client: c, reason: waitsForReplicas, deadline: ms, offset: c.offset}
	p.replicas = int(min(want, math.MaxInt32))
	p.timeout = func(w *resp.Writer) { w.Int(int64(s.repl.AckedAt(p.offset))) }
	s.park(p)
	s.waiters = append(s.waiters, c)
	s.repl.RequestAcks()
}

// waitTimeout reads a timeout in milliseconds and returns the deadline, 0 for none.
func (s *Server) waitTimeout(text []byte) (deadline int64, refusal string) {
	ms, err := strconv.ParseInt(string(text), 10, 64)
	switch {
	case err != nil:
		return 0, resp.ErrTimeoutInteger
	case ms < 0:
		return 0, resp.ErrTimeoutNegative
	case ms == 0:
		return 0, ""
	case ms > math.MaxInt64-s.nowMs:
		return 0, resp.ErrTimeoutRange
	}
	return s.nowMs + ms, ""
}

// checkWaits answers every WAIT whose replicas have acknowledged.
func (s *Server) checkWaits() {
	if len(s.waiters) == 0 {
		return
	}
	s.waiters = slices.DeleteFunc(s.waiters, func(c *client) bool {
		p := c.parked
		if p == nil || p.reason != waitsForReplicas {
			return true
		}
		acked := s.repl.AckedAt(p.offset)
		if acked < p.replicas {
			return false
		}
		w := s.to(c)
		s.unpark(c)
		if p.acked != nil {
			p.acked(w)
		} else {
			w.Int(int64(acked))
		}
		return true
	})
}

var _ replication.Host = replicationHost{}
