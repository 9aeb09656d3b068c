package replication

import (
	"strconv"
	"time"
)

// info writes INFO lines.
type info []byte

func (b *info) text(key, value string) {
	*b = append(*b, key...)
	*b = append(*b, ':')
	*b = append(*b, value...)
	*b = append(*b, '\r', '\n')
}

func (b *info) number(key string, n int64) { b.text(key, itoa(n)) }

func (b *info) flag(key string, on bool) {
	if on {
		b.number(key, 1)
	} else {
		b.number(key, 0)
	}
}

// AppendInfo appends the lines of INFO replication, without the section's header.
func (s *State) AppendInfo(dst []byte, now time.Time) []byte {
	b := info(dst)
	if s.master == nil {
		b.text("role", "master")
	} else {
		b.text("role", "slave")
		s.infoMaster(&b, now)
	}
	s.infoReplicas(&b, now)
	b.text("master_failover_state", s.failover.state.String())
	b.text("master_replid", s.id)
	b.text("master_replid2", s.id2)
	b.number("master_repl_offset", int64(s.offset))
	b.number("second_repl_offset", int64(s.second))
	first, length := Offset(0), int64(0)
	if s.log != nil {
		first, length = s.log.first, s.log.len()
	}
	b.flag("repl_backlog_active", s.log != nil)
	b.number("repl_backlog_size", s.cfg.BacklogSize)
	b.number("repl_backlog_first_byte_offset", int64(first))
	b.number("repl_backlog_histlen", length)
	return b
}

// infoMaster writes what a replica says about its master. Sentinel reads these lines by their
// order: role comes first.
func (s *State) infoMaster(b *info, now time.Time) {
	m := s.master
	b.text("master_host", m.host)
	b.number("master_port", int64(m.port))
	status, heard := "down", int64(-1)
	if m.state == Connected {
		status, heard = "up", seconds(now.Sub(m.heard))
	}
	b.text("master_link_status", status)
	b.number("master_last_io_seconds_ago", heard)
	b.flag("master_sync_in_progress", m.state == Transfer)
	read, applied := s.replicaOffsets()
	b.number("slave_read_repl_offset", int64(read))
	b.number("slave_repl_offset", int64(applied))
	if m.state == Transfer {
		s.infoTransfer(b, now)
	}
	if m.state != Connected {
		down := int64(-1)
		if !s.downSince.IsZero() {
			down = seconds(now.Sub(s.downSince))
		}
		b.number("master_link_down_since_seconds", down)
	}
	b.number("slave_priority", int64(s.cfg.Priority))
	b.flag("slave_read_only", s.cfg.ReadOnly)
	b.flag("replica_announced", s.cfg.Announced)
}

// replicaOffsets returns how much of the stream has come and how much is executed. A replica that
// has never had a link says 1, as Redis does.
func (s *State) replicaOffsets() (read, applied Offset) {
	switch {
	case s.master.state == Connected:
		return s.received(), s.offset
	case s.master.resumable:
		return s.offset, s.offset
	}
	return 1, 1
}

// infoTransfer tells how far a full synchronisation is. A transfer with an end mark has no total.
func (s *State) infoTransfer(b *info, now time.Time) {
	in := &s.master.sync
	total, read := in.size, max(in.read, int64(len(in.payload)))
	if in.mark != "" {
		total = 0
	}
	percent := 0.0
	if total != 0 {
		percent = float64(read) / float64(total) * 100
	}
	b.number("master_sync_total_bytes", total)
	b.number("master_sync_read_bytes", read)
	b.number("master_sync_left_bytes", total-read)
	b.text("master_sync_perc", strconv.FormatFloat(percent, 'f', 2, 64))
	b.number("master_sync_last_io_seconds_ago", seconds(now.Sub(s.master.heard)))
}

func (s *State) infoReplicas(b *info, now time.Time) {
	b.number("connected_slaves", int64(len(s.replicas)))
	if s.wantsReplicas() {
		b.number("min_slaves_good_slaves", int64(s.good))
	}
	for i, r := range s.replicas {
		host, port := r.address()
		lag := int64(0)
		if r.state == Online {
			lag = seconds(r.lag(now))
		}
		b.text("slave"+strconv.Itoa(i), "ip="+host+",port="+strconv.Itoa(port)+",state="+r.state.String()+
			",offset="+itoa(int64(r.ack))+",lag="+itoa(lag))
	}
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }
