package replication

import "fmt"

// check panics when the state contradicts itself.
func (s *State) check() {
	if s.log == nil {
		if len(s.replicas) > 0 {
			panic(fmt.Sprintf("replication: %d replicas and no stream to serve them", len(s.replicas)))
		}
		return
	}
	if s.log.next != s.offset+1 {
		panic(fmt.Sprintf("replication: at offset %d the next byte is %d", s.offset, s.log.next))
	}
	for _, r := range s.replicas {
		if r.cursor != 0 && !s.log.has(r.cursor) {
			panic(fmt.Sprintf("replication: replica %s needs byte %d, kept are %d to %d", r.name(), r.cursor, s.log.first, s.log.next-1))
		}
		if waits := r.state == WaitSnapshot || r.state == SendBulk; waits != (r.snapshot != nil) {
			panic(fmt.Sprintf("replication: replica %s in state %s, snapshot %v", r.name(), r.state, r.snapshot != nil))
		}
	}
}
