package main_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// goRider is go-redis, which does what driver.mjs makes the libraries for Node.js do.
type goRider struct {
	client redis.UniversalClient
	stop   context.CancelFunc
	loops  sync.WaitGroup

	mu     sync.Mutex // guards what follows
	next   int
	acked  map[string]string
	errors int
	last   string
}

const (
	// goWriters and goPace are those of driver.mjs.
	goWriters = 4
	goPace    = time.Millisecond
)

// silence keeps go-redis from telling of every connection to a killed node.
type silence struct{}

// Printf says nothing.
func (silence) Printf(context.Context, string, ...any) {}

func newGoRider(t *testing.T, seed port) *goRider {
	t.Helper()
	return rideWith(t, redis.NewClusterClient(&redis.ClusterOptions{
		Addrs: []string{seed.addr()}, Protocol: 3,
		ClusterStateReloadInterval: time.Second, // a dead node alone makes it look again only after 60
	}))
}

// rideWith makes a rider of any client of go-redis.
func rideWith(t *testing.T, client redis.UniversalClient) *goRider {
	t.Helper()
	redis.SetLogger(silence{})
	r := &goRider{client: client}
	t.Cleanup(func() {
		if r.stop != nil {
			r.stop()
		}
		r.loops.Wait()
		_ = r.client.Close()
	})
	require.NoError(t, r.client.Ping(t.Context()).Err())
	return r
}

func (r *goRider) name() string { return "go-redis" }

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
	case "stop":
		return r.verify(t)
	case "insist":
		return r.insist(t, words[1])
	}
	t.Fatalf("unknown request %q", request)
	return reply{}
}

func (r *goRider) hello(t *testing.T) reply {
	about, err := r.client.Do(t.Context(), "HELLO").Result()
	require.NoError(t, err)
	m, ok := about.(map[any]any)
	require.True(t, ok, "a map: %v", about)
	return reply{
		Proto: int(m["proto"].(int64)), Server: m["server"].(string), Version: m["version"].(string), Mode: m["mode"].(string),
	}
}

func (r *goRider) pipeline(t *testing.T) reply {
	const many = 200
	pipe := r.client.Pipeline()
	for i := range many {
		pipe.Set(t.Context(), fmt.Sprintf("go:pipe:%d", i), i, 0)
	}
	for i := range many {
		pipe.Get(t.Context(), fmt.Sprintf("go:pipe:%d", i))
	}
	replies, err := pipe.Exec(t.Context())
	require.NoError(t, err)
	wrong := 0
	for i := range many {
		if got, err := replies[many+i].(*redis.StringCmd).Int(); err != nil || got != i {
			wrong++
		}
	}
	return reply{Wrong: wrong}
}

func (r *goRider) begin(tags []string) reply {
	ctx, stop := context.WithCancel(context.Background())
	r.stop, r.acked, r.errors, r.last = stop, map[string]string{}, 0, ""
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
		key, value := fmt.Sprintf("{%s}go:%d", tags[i%len(tags)], i), strconv.Itoa(i)
		err := r.client.Set(context.Background(), key, value, 0).Err()
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

func (r *goRider) verify(t *testing.T) reply {
	r.stop()
	r.loops.Wait()
	got := r.count()
	for key, value := range r.acked {
		if found, err := r.client.Get(t.Context(), key).Result(); err != nil || found != value {
			got.Lost++
		}
	}
	return got
}

func (r *goRider) insist(t *testing.T, key string) reply {
	var got reply
	for end := time.Now().Add(patience); !got.Survived && time.Now().Before(end); time.Sleep(lookEvery) { // between two tries
		err := r.client.Set(t.Context(), key, "survived", 0).Err()
		if err != nil {
			got.Last = err.Error()
			continue
		}
		got.Survived = r.client.Get(t.Context(), key).Val() == "survived"
	}
	return got
}
