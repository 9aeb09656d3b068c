package sentinel

// Notification and client-reconfig scripts are programs of the computer; a machine starts none. This
// is the place where client-reconfig-script would be queued; the paths are kept for the file.
const (
	leader   = "leader"
	observer = "observer"
)

// reconfigured is told that clients must learn a master's new address, and in which role we know.
func (s *Sentinel) reconfigured(_ *master, _ string) {}
