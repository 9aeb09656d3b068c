package alone

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"

	"clusterplay/node"
)

// CrashSignals are those after which Redis tells its log what it was doing, and dies of them.
var CrashSignals = []os.Signal{syscall.SIGSEGV, syscall.SIGBUS, syscall.SIGFPE, syscall.SIGILL, syscall.SIGABRT}

// ofSignal is the exit status of a process that died of signal 0; those of the others count from there.
const ofSignal = 128

// longestReport bounds how long a server that is to die is asked what it looks like: it may be what hangs.
const longestReport = time.Second

// largestStack bounds the stacks of a report.
const largestStack = 4 << 20

// isCrash tells a signal of CrashSignals.
func isCrash(sig os.Signal) (number syscall.Signal, is bool) {
	for _, s := range CrashSignals {
		if s == sig {
			return s.(syscall.Signal), true
		}
	}
	return 0, false
}

// crashed reports a signal that ends the process, and ends the server.
func (s *serverProcess) crashed(sig syscall.Signal) (status int) {
	if !s.quietCrash.Load() {
		s.report(fmt.Sprintf("Redis 7.0.15 crashed by signal: %d", sig), allStacks(), s.looks())
	}
	s.node.Kill()
	return ofSignal + int(sig)
}

// fell reports a server that ended by itself and did not mean to: DEBUG SEGFAULT, or a mistake of ours.
func (s *serverProcess) fell(st node.Status) {
	why := strings.TrimPrefix(st.Why, fmt.Sprintf("exit %d: ", st.Code))
	crash := st.Stack != "" || st.Code > ofSignal // otherwise it said why it ends, and that is all
	if st.Code > ofSignal {
		why = fmt.Sprintf("Redis 7.0.15 crashed by signal: %d (%s)", st.Code-ofSignal, why)
	}
	if !crash || s.quietCrash.Load() {
		s.say(markWarning, "%s", why)
		return
	}
	stack := st.Stack
	if stack == "" {
		stack = allStacks()
	}
	s.report(why, stack, "")
}

// allStacks is what everything in this process is doing.
func allStacks() string {
	b := make([]byte, largestStack)
	return string(b[:runtime.Stack(b, true)])
}

// report writes what somebody needs who is to find out why a server died.
func (s *serverProcess) report(why, stacks, looks string) {
	s.log.raw(markWarning, "\n\n=== REDIS BUG REPORT START: Cut & paste starting from here ===\n")
	s.say(markWarning, "%s", why)
	s.log.raw(markWarning, "\n------ STACK TRACE ------\n"+stacks+"\n"+looks+
		"\n=== REDIS BUG REPORT END. Make sure to include from START to END. ===\n\n")
}

// looks is what INFO and CLIENT LIST answer; less, if the server does not.
func (s *serverProcess) looks() string {
	ctx, cancel := context.WithTimeout(context.Background(), longestReport)
	defer cancel()
	var b strings.Builder
	for _, ask := range []string{"INFO", "CLIENT LIST"} {
		v, err := s.node.Call(ctx, strings.Fields(ask)...)
		if err != nil {
			break
		}
		fmt.Fprintf(&b, "\n------ %s OUTPUT ------\n%s", ask, strings.ReplaceAll(v.String(), "\r\n", "\n"))
	}
	return b.String()
}
