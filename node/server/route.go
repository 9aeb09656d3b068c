package server

import (
	"strings"

	"clusterplay/node/cluster"
	"clusterplay/node/command"
	"clusterplay/node/slot"
)

// routing is the scratch space with which a command's keys are looked at.
type routing struct {
	server *Server
	cmd    *command.Command
	refs   []command.KeyRef
	args   [][]byte
	tx     []queued // EXEC: the keys of all queued commands
	query  cluster.Query
	first  []byte
	found  bool
}

// route decides whether this node serves the command and returns the redirection otherwise
// (getNodeByQuery). Commands without keys are served anywhere.
func (s *Server) route(c *client, cmd *command.Command, args [][]byte) (refusal string) {
	r := &s.routing
	if len(cmd.Keys) == 0 && !isExec(cmd) {
		return ""
	}
	r.server, r.cmd, r.args, r.tx, r.found = s, cmd, args, nil, false
	r.query = cluster.Query{
		Write: s.flagsOf(cmd, args)&command.Write != 0, ReadOnly: c.readonly, Migrate: cmd.Name == "migrate",
		Asking:      c.asking || cmd.Has(command.Asking),
		ShardPubsub: cmd.Has(command.PubSub),
		Keys:        r,
	}
	if isExec(cmd) {
		if !c.tx.open {
			return ""
		}
		r.tx = c.tx.queue
		r.query.Asking = c.tx.asking
		r.query.Write = c.tx.flags&command.Write != 0
	}
	r.eachKey(r.note)
	if !r.found {
		return ""
	}
	refusal = s.cluster.Route(&r.query).Error()
	if refusal == "" && r.tx == nil { // what EXEC runs was counted when it was queued
		s.slotLoad.count(r.query.Slot)
	}
	return refusal
}

// eachKey visits the keys of the command, or of all commands that EXEC will run.
func (r *routing) eachKey(visit func(key []byte)) {
	if r.tx == nil {
		r.visitKeys(r.cmd, r.args, visit)
		return
	}
	for _, q := range r.tx {
		r.visitKeys(q.cmd, q.args, visit)
	}
}

func (r *routing) visitKeys(cmd *command.Command, args [][]byte, visit func(key []byte)) {
	r.refs = cmd.FindKeys(args, r.refs[:0])
	for _, ref := range r.refs {
		visit(args[ref.Pos])
	}
}

// note takes one key into the query.
func (r *routing) note(key []byte) {
	sl := slot.Of(key)
	switch {
	case !r.found:
		r.found, r.first, r.query.Slot = true, key, sl
	case sl != r.query.Slot:
		r.query.CrossSlot = true
	case string(key) != string(r.first):
		r.query.Multiple = true
	}
}

// Count returns how many of the command's keys exist and how many do not.
func (r *routing) Count() (present, missing int) {
	db := r.server.space.DB(0)
	r.eachKey(func(key []byte) {
		if db.Has(r.server.nowMs, key) {
			present++
		} else {
			missing++
		}
	})
	return present, missing
}

// redirectErrors are the codes of a command that another node must serve, or nobody can.
var redirectErrors = []string{"MOVED ", "ASK ", "CLUSTERDOWN ", "CROSSSLOT ", "TRYAGAIN "}

// isRedirect tells the refusals of route, which EXEC passes on as they are.
func isRedirect(refusal string) bool {
	for _, code := range redirectErrors {
		if strings.HasPrefix(refusal, code) {
			return true
		}
	}
	return false
}

// redirectParked unblocks every client that waits for a key whose slot is served elsewhere by now
// (clientsCron, clusterRedirectBlockedClientIfNeeded).
func (s *Server) redirectParked() {
	if s.cluster == nil || len(s.parking.byKey) == 0 {
		return
	}
	for _, c := range s.clients.All {
		p := c.parked
		if p == nil || p.reason != waitsForKeys {
			continue
		}
		for _, k := range p.keys {
			read := c.readonly && !p.cmd.Has(command.Write)
			if refusal := s.cluster.RouteBlocked(slot.OfString(k.key), read).Error(); refusal != "" {
				s.fail(c, refusal)
				s.unpark(c)
				break
			}
		}
	}
}
