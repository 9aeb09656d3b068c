package web

import (
	"context"
	"sync"
	"time"

	"clusterplay/playground"
	"clusterplay/playground/repl"
)

// termPatience is how long one line of a browser's terminal may take. BLPOP 0 would take for ever.
const termPatience = 30 * time.Second

// maxShells bounds the connections one browser's terminal keeps open.
const maxShells = 16

// terminals keeps the connections of the browsers' terminals: one per browser, node and mode, so
// that SELECT, MULTI and SUBSCRIBE work as in a redis-cli that stays open.
type terminals struct {
	lab *playground.Lab

	mu     sync.Mutex
	shells map[uint64]map[shellKey]*repl.Session
}

type shellKey struct {
	addr    string
	cluster bool
}

func newTerminals(lab *playground.Lab) *terminals {
	return &terminals{lab: lab, shells: map[uint64]map[shellKey]*repl.Session{}}
}

// Term evaluates one line at a node. Lines of one browser come one after the other.
func (t *terminals) Term(ctx context.Context, session uint64, node, line string, cluster bool) (text, prompt string, failed bool) {
	addr, err := t.lab.Addr(node)
	if err != nil {
		return err.Error(), node + "> ", true
	}
	shell := t.shell(session, shellKey{addr, cluster})
	ctx, cancel := context.WithTimeout(ctx, termPatience)
	defer cancel()
	text, prompt, err = shell.Eval(ctx, line)
	if err != nil {
		return err.Error(), prompt, true
	}
	return text, prompt, false
}

func (t *terminals) shell(session uint64, key shellKey) *repl.Session {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine := t.shells[session]
	if mine == nil {
		mine = map[shellKey]*repl.Session{}
		t.shells[session] = mine
	}
	if mine[key] == nil {
		if len(mine) >= maxShells {
			closeShells(mine)
			clear(mine)
		}
		mine[key] = repl.New(key.addr, key.cluster)
	}
	return mine[key]
}

// Gone closes what a browser that left had open.
func (t *terminals) Gone(session uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	closeShells(t.shells[session])
	delete(t.shells, session)
}

func (t *terminals) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, mine := range t.shells {
		closeShells(mine)
	}
	clear(t.shells)
}

func closeShells(shells map[shellKey]*repl.Session) {
	for _, shell := range shells {
		_ = shell.Close() // a connection that fails to close is closed all the same
	}
}
