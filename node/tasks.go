package node

import (
	"runtime/debug"
	"sync"
	"time"
)

// Go runs f on a new goroutine. A panic in f ends that goroutine and not the process: onPanic is
// told whose it was. Every goroutine that can touch a node is started here.
func Go(who string, onPanic func(Crash), f func()) {
	go func() {
		defer Recover(who, onPanic)
		f()
	}()
}

// Recover turns a panic into a call of onPanic; use it with defer.
func Recover(who string, onPanic func(Crash)) {
	if value := recover(); value != nil {
		onPanic(Crash{Node: who, Value: value, Stack: string(debug.Stack())})
	}
}

// tasks counts a life's goroutines, so that its end can be waited for. A goroutine held by the
// lab's network does not count while it is held: only the lab can let it go.
type tasks struct {
	mu   sync.Mutex
	n    int
	idle chan struct{} // closed when n reaches 0; made by wait
}

func (t *tasks) add(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n += n
	if t.n == 0 && t.idle != nil {
		close(t.idle)
		t.idle = nil
	}
}

// outside runs f, in which the lab's network may hold this goroutine for as long as it likes.
func (t *tasks) outside(f func()) {
	t.add(-1)
	defer t.add(1)
	f()
}

// wait returns when no goroutine is left, or after limit.
func (t *tasks) wait(limit time.Duration) {
	t.mu.Lock()
	if t.n == 0 {
		t.mu.Unlock()
		return
	}
	if t.idle == nil {
		t.idle = make(chan struct{})
	}
	idle := t.idle
	t.mu.Unlock()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-idle:
	case <-timer.C:
	}
}
