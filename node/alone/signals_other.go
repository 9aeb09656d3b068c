//go:build !linux

package alone

// DefaultSignals would give the signals that mean nothing to a server back to the system.
func DefaultSignals() {}
