package alone

import (
	"syscall"
	"unsafe"
)

// plainSignals are those for which Redis has no handler and Go has one that does nothing.
var plainSignals = []syscall.Signal{syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGVTALRM, syscall.SIGIO, syscall.SIGPWR}

// DefaultSignals gives the signals that mean nothing to a server back to the system, which ends a process that
// gets one.
func DefaultSignals() {
	var byDefault [8]uint64 // a sigaction of any architecture: no handler, no flags, an empty mask
	for _, signal := range plainSignals {
		_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(signal), uintptr(unsafe.Pointer(&byDefault)), 0, 8, 0, 0)
	}
}
