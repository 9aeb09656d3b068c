package alone

import (
	"strconv"
	"sync"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/server"
)

// watchdog barks when the server's cron has not come round for a time (watchdog-period). The zero value sleeps.
type watchdog struct {
	mu     sync.Mutex
	period time.Duration
	timer  *time.Timer
	bark   func()
}

// leastWatch is the shortest time that means something: two crons.
const leastWatch = 200 * time.Millisecond

// watch has it bark after a time without a cron; 0 has it sleep.
func (w *watchdog) watch(period time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
	if period > 0 {
		w.period = max(period, leastWatch)
		w.timer = time.AfterFunc(w.period, w.bark)
	}
}

// pat says that the server is well. It barks once for each time that it is not.
func (w *watchdog) pat() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Reset(w.period)
	}
}

// Beat tells the watchdog of a cron (server.World).
func (s *serverProcess) Beat() { s.guard.pat() }

// watchFor sets the watchdog's time in milliseconds.
func (s *serverProcess) watchFor(period string) {
	ms, _ := strconv.Atoi(period)
	s.guard.watch(time.Duration(ms) * time.Millisecond)
}

// longestAnswer is how long a server that seems to stand still is asked why. One that hangs has no answer.
const longestAnswer = 50 * time.Millisecond

// barked tells the log where the server stands still (watchdogSignalHandler).
func (s *serverProcess) barked() {
	why := make(chan string, 1)
	go func() {
		_ = s.node.Look(func(m machine.Machine) { why <- m.(*server.Server).StandsIn() })
	}()
	s.log.handler("\n--- WATCHDOG TIMER EXPIRED ---")
	select {
	case function := <-why:
		if function != "" {
			s.log.handler("in " + function)
		}
	case <-time.After(longestAnswer):
	}
	s.log.raw(markWarning, "\n------ STACK TRACE ------\n"+allStacks()+"\n--------\n")
}
