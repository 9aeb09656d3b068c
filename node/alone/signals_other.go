//go:build !linux

package alone

// DefaultSignals would give the signals that mean nothing to a server back to the system.
func DefaultSignals() {}

// Die would end this process by the signal that an exit status tells of.
func Die(int) {}
