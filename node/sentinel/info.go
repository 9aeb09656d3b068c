package sentinel

import (
	"strings"
	"time"

	"clusterplay/node/event"
)

// receiveInfo takes what a master or a replica says of itself (sentinelRefreshInstanceInfo).
func (s *Sentinel) receiveInfo(i *instance, text string) {
	i.info.text = text
	role := s.readInfo(i, text)
	i.info.at = s.now
	s.reportRole(i, role)
	if s.tilted() {
		return
	}
	s.act(i)
}

// readInfo notes every field that matters and returns the role that was reported.
func (s *Sentinel) readInfo(i *instance, text string) (role string) {
	i.info.linkDown = 0
	role = i.info.roleName()
	for line := range strings.SplitSeq(text, "\r\n") {
		key, value, ok := strings.Cut(line, ":")
		switch {
		case !ok:
		case key == "run_id":
			s.noteRunID(i, value)
		case i.kind == kindMaster && isReplicaLine(key):
			s.noteReplica(i.master, value)
		case key == "master_link_down_since_seconds":
			i.info.linkDown = time.Duration(number(value)) * time.Second
		case key == "role" && (value == "master" || value == "slave"):
			role = value
		case role == "slave":
			s.noteAsReplica(&i.info, key, value)
		}
	}
	return role
}

// isReplicaLine reports whether key names a replica in a master's INFO: slave0, slave1 …
func isReplicaLine(key string) bool {
	digit, ok := strings.CutPrefix(key, "slave")
	return ok && digit != "" && digit[0] >= '0' && digit[0] <= '9'
}

// noteRunID notices that an instance is another process than before.
func (s *Sentinel) noteRunID(i *instance, id string) {
	if !isRunID(id) || id == i.runID {
		return
	}
	if i.runID != "" {
		s.emit(event.Rebooted{Monitored: s.monitored(i)})
		if i.kind == kindMaster && i.master.rebootDownAfter > 0 {
			i.flags.set(flagReboot)
			i.info.reboot = s.now
		}
	}
	i.runID = id
}

// noteReplica makes the acquaintance of a replica that its master names.
func (s *Sentinel) noteReplica(m *master, value string) {
	var host, port string
	for n, part := range strings.Split(value, ",") {
		key, v, named := strings.Cut(part, "=")
		switch {
		case key == "ip" && named, n == 0 && !named: // old servers: ip,port,state
			host = v
			if !named {
				host = part
			}
		case key == "port" && named:
			port = v
		case n == 1 && !named:
			port = part
		}
	}
	p, err := parsePort(port)
	at := s.addressOf(host, p)
	if err != nil || !at.known() || at.same(m.addr) { // a master that names itself is not its own replica
		return
	}
	if r := s.addReplica(m, at); r != nil {
		s.emit(event.ReplicaFound{Monitored: s.monitored(r)})
		s.save()
	}
}

// noteAsReplica notes what a replica says of its master and itself.
func (s *Sentinel) noteAsReplica(r *report, key, value string) {
	switch key {
	case "master_host":
		if value != r.masterHost {
			r.masterHost, r.confChanged = value, s.now
		}
	case "master_port":
		if port := int(number(value)); port != r.masterPort {
			r.masterPort, r.confChanged = port, s.now
		}
	case "master_link_status":
		r.linkUp = value == "up"
	case "slave_priority":
		r.priority = int(number(value))
	case "slave_repl_offset":
		r.offset = number(value)
	case "replica_announced":
		r.hidden = number(value) == 0
	}
}

// reportRole notices that an instance has another role than it had.
func (s *Sentinel) reportRole(i *instance, role string) {
	if role == i.info.roleName() {
		return
	}
	i.info.master, i.info.since = role == "master", s.now
	if role == "slave" {
		i.info.confChanged = s.now
	}
	s.emit(event.RoleReported{
		Monitored: s.monitored(i), Role: role, Expected: i.info.master == (i.kind == kindMaster),
	})
}

// act does what follows from what a replica said: its promotion is complete, it must be put right,
// or it has come closer to its new master.
func (s *Sentinel) act(i *instance) {
	if i.kind != kindReplica {
		return
	}
	m := i.master
	switch {
	case i.info.master && m.failover.promoted == i && m.failover.state == stateWaitPromotion:
		s.promoted(m, i)
	case i.info.master:
		s.convert(m, i)
	case i.flags.is(flagReconfSent | flagReconfInprog):
		s.followReconf(m, i)
	default:
		s.fix(m, i)
	}
}
