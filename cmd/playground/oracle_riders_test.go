package main_test

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// store is a client library for Go, as far as a rider needs it.
type store interface {
	set(ctx context.Context, key, value string) error
	get(ctx context.Context, key string) (string, error)
	// hello is the answer to HELLO.
	hello(ctx context.Context) (map[string]any, error)
	// pipe sets and gets n keys of a prefix in one go and counts the wrong answers.
	pipe(ctx context.Context, prefix string, n int) (wrong int, err error)
	close()
}

// goRider makes a library for Go do what driver.mjs makes those for Node.js do.
type goRider struct {
	who   string
	store store
	stop  context.CancelFunc
	loops sync.WaitGroup

	mu     sync.Mutex // guards what follows
	next   int
	acked  map[string]string
	marked map[string]string // what was acknowledged before the mark
	errors int
	last   string
}

const (
	// goWriters and goPace are those of driver.mjs.
	goWriters = 4
	goPace    = 15 * time.Millisecond
)

// ridingMode is what a library takes the servers for: the end of its scripts' names.
type ridingMode string

const (
	clustered ridingMode = ""
	single    ridingMode = "-single"
)

// ridersOf are all libraries, each with both versions of the protocol.
func ridersOf(t *testing.T, mode ridingMode, seed port) (riders []rider) {
	t.Helper()
	for _, protocol := range []int{2, 3} {
		if mode == single {
			riders = append(riders, newSingleGoRider(t, seed, protocol))
		} else {
			riders = append(riders, newGoRider(t, seed, protocol))
		}
		riders = append(riders, newRueidisRider(t, seed, protocol))
	}
	return append(riders, nodeRiders(t, mode, seed)...)
}

// ride makes a rider of a library, whose connections end with the test.
func ride(t *testing.T, who string, db store) *goRider {
	t.Helper()
	r := &goRider{who: who, store: db}
	t.Cleanup(func() {
		if r.stop != nil {
			r.stop()
		}
		r.loops.Wait()
		db.close()
	})
	return r
}

func (r *goRider) name() string { return r.who }

func (r *goRider) ask(t *testing.T, request string) reply {
	t.Helper()
	words := strings.Fields(request)
	switch words[0] {
	case "hello":
		return r.hello(t)
	case "pipeline":
		return r.pipeline(t)
	case "write":
		return r.begin(words[1:])
	case "count":
		return r.count()
	case "mark":
		return r.mark()
	case "stop":
		return r.verify(t)
	case "insist":
		return r.insist(t, words[1])
	}
	t.Fatalf("unknown request %q", request)
	return reply{}
}

func (r *goRider) hello(t *testing.T) reply {
	m, err := r.store.hello(t.Context())
	require.NoError(t, err)
	return reply{
		Proto: int(m["proto"].(int64)), Server: m["server"].(string), Version: m["version"].(string), Mode: m["mode"].(string),
	}
}

func (r *goRider) pipeline(t *testing.T) reply {
	wrong, err := r.store.pipe(t.Context(), r.who+":pipe:", 200)
	require.NoError(t, err)
	return reply{Wrong: wrong}
}

func (r *goRider) begin(tags []string) reply {
	ctx, stop := context.WithCancel(context.Background())
	r.stop, r.acked, r.marked, r.errors, r.last = stop, map[string]string{}, nil, 0, ""
	for range goWriters {
		r.loops.Go(func() { r.write(ctx, tags) })
	}
	return reply{Writing: true}
}

func (r *goRider) write(ctx context.Context, tags []string) {
	tick := time.NewTicker(goPace)
	defer tick.Stop()
	for ctx.Err() == nil {
		r.mu.Lock()
		i := r.next
		r.next++
		r.mu.Unlock()
		key, value := fmt.Sprintf("{%s}%s:%d", tags[i%len(tags)], r.who, i), strconv.Itoa(i)
		err := r.store.set(context.Background(), key, value)
		r.mu.Lock()
		if err == nil {
			r.acked[key] = value
		} else {
			r.errors++
			r.last = err.Error()
		}
		r.mu.Unlock()
		<-tick.C
	}
}

func (r *goRider) count() reply {
	r.mu.Lock()
	defer r.mu.Unlock()
	return reply{Acked: len(r.acked), Errors: r.errors, Last: r.last}
}

func (r *goRider) mark() reply {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.marked = maps.Clone(r.acked)
	return reply{Acked: len(r.marked)}
}

func (r *goRider) verify(t *testing.T) reply {
	r.stop()
	r.loops.Wait()
	got := r.count()
	for key, value := range r.acked {
		if found, err := r.store.get(t.Context(), key); err != nil || found != value {
			got.Lost++
			if _, before := r.marked[key]; before {
				got.Broken++
			}
		}
	}
	return got
}

func (r *goRider) insist(t *testing.T, key string) reply {
	var got reply
	for end := time.Now().Add(patience); !got.Survived && time.Now().Before(end); time.Sleep(lookEvery) { // between two tries
		err := r.store.set(t.Context(), key, "survived")
		if err != nil {
			got.Last = err.Error()
			continue
		}
		value, _ := r.store.get(t.Context(), key)
		got.Survived = value == "survived"
	}
	return got
}
