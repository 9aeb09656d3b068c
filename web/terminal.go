package web

import (
	"context"
	"errors"
	"sync"
	"time"

	"clusterplay/playground"
	"clusterplay/playground/repl"
	"clusterplay/web/hub"
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

// Term evaluates one line at a node.
func (t *terminals) Term(ctx context.Context, line hub.Line) hub.Reply {
	addr, err := t.lab.Addr(line.Node)
	if err != nil {
		return hub.Reply{Text: err.Error(), Prompt: line.Node + "> ", Failed: true}
	}
	key := shellKey{addr, line.Cluster}
	shell := t.shell(line.Session, key)
	shell.Push = line.Push
	ctx, cancel := context.WithTimeout(ctx, termPatience)
	defer cancel()
	text, prompt, err := shell.Eval(ctx, line.Text)
	switch {
	case errors.Is(err, repl.ErrQuit):
		t.forget(line.Session, key)
		return hub.Reply{Text: text, Prompt: addr + "> "}
	case errors.Is(err, context.DeadlineExceeded):
		return hub.Reply{Text: text + "(error) no answer for " + termPatience.String() + "; the terminal waits no longer", Prompt: prompt, Failed: true}
	case err != nil:
		return hub.Reply{Text: text + err.Error(), Prompt: prompt, Failed: true}
	}
	return hub.Reply{Text: text, Prompt: prompt}
}

// forget lets a conversation begin anew with the next line.
func (t *terminals) forget(session uint64, key shellKey) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.shells[session], key)
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

func closeShells(shells map[shellKey]*repl.Session) {
	for _, shell := range shells {
		_ = shell.Close() // a connection that fails to close is closed all the same
	}
}
