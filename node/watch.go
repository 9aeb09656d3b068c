package node

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// watch decides how a loop waits. As a rule it parks in Go's poller and costs no thread. Woken again and again
// it would pay twice for each time, once to its own epoll instance and once to Go's scheduler, and wait for the
// others of its kind to be woken first: where several loops are, each stands watch. It waits in the kernel on a
// thread of its own then, as Redis does, until nothing has come for a while. A loop that is alone does better to park: Go's
// scheduler looks around for a moment before it sleeps, and the next client comes meanwhile.
type watch struct {
	standing bool
	brisk    int // short waits in a row
}

const (
	// shortWait is a wait after which it would have been better to stand watch, briskWaits how many of them in
	// a row make sure, and crowd how many loops of the process must be in that state.
	shortWait  = time.Millisecond
	briskWaits = 16
	crowd      = 2
	// standFor is how long a loop stands watch although nothing comes.
	standFor = 10 * time.Millisecond
)

// wait returns when there may be something to do.
func (w *watch) wait(p *poller) {
	if w.standing {
		if !p.linger(standFor) {
			w.end()
		}
		return
	}
	began := time.Now()
	p.wait()
	if time.Since(began) > shortWait {
		w.end()
		return
	}
	if w.brisk++; w.brisk == briskWaits {
		posts.brisk.Add(1)
	}
	w.standing = w.brisk >= briskWaits && posts.brisk.Load() >= crowd && posts.take()
}

// end is the end of a brisk time, and of a watch.
func (w *watch) end() {
	if w.brisk >= briskWaits {
		posts.brisk.Add(-1)
	}
	if w.standing {
		posts.give()
	}
	*w = watch{}
}

// places is how many loops of a process stand watch. The thread of each occupies one of the scheduler's
// processors, so that one more is needed for each of them, or the others would have to wait for it.
type places struct {
	brisk  atomic.Int32 // loops that are woken all the time, whether they stand watch or not
	mu     sync.Mutex
	taken  int
	base   int         // processors without those added; 0 while none are
	added  int         // processors
	remove *time.Timer // runs while nobody stands watch
}

// posts are those of this process.
var posts places

const (
	// mostPosts bounds how many stand watch for each core: the collector takes a quarter of the processors
	// that the scheduler believes in.
	mostPosts = 2
	// keepProcessors is how long those added are kept after the last watch: to change their number stops
	// everybody for a moment.
	keepProcessors = 2 * time.Second
)

// take reports whether one more may stand watch.
func (s *places) take() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken >= mostPosts*runtime.NumCPU() {
		return false
	}
	if s.remove != nil {
		s.remove.Stop()
		s.remove = nil
	}
	if s.base == 0 {
		s.base = runtime.GOMAXPROCS(0)
	}
	if s.taken++; s.taken > s.added {
		s.added = s.taken
		runtime.GOMAXPROCS(s.base + s.added)
	}
	return true
}

// give is the end of a watch.
func (s *places) give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken--; s.taken == 0 {
		s.remove = time.AfterFunc(keepProcessors, s.restore)
	}
}

// restore removes the processors that were added, unless somebody stands watch again.
func (s *places) restore() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken > 0 || s.base == 0 {
		return
	}
	if runtime.GOMAXPROCS(s.base); os.Getenv("GOMAXPROCS") == "" {
		runtime.SetDefaultGOMAXPROCS() // which follows a container's limit
	}
	s.base, s.added = 0, 0
}
