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
	for _, signal := range plainSignals {
		byDefault(signal)
	}
}

func byDefault(signal syscall.Signal) {
	var action [8]uint64 // a sigaction of any architecture: no handler, no flags, an empty mask
	_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(signal), uintptr(unsafe.Pointer(&action)), 0, 8, 0, 0)
}

// Die ends this process by the signal that an exit status tells of, as Redis ends after its report, so that whoever
// waits for the process sees a crash. It returns if the status is of none.
func Die(status int) {
	if status <= ofSignal {
		return
	}
	signal := syscall.Signal(status - ofSignal)
	byDefault(signal)
	_ = syscall.Kill(syscall.Getpid(), signal)
	select {} // until it arrives
}
