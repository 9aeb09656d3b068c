package main_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// goRedis is go-redis.
type goRedis struct{ client redis.UniversalClient }

// silence keeps go-redis from telling of every connection to a killed node.
type silence struct{}

// Printf says nothing.
func (silence) Printf(context.Context, string, ...any) {}

// newGoRider is go-redis on a cluster, in a version of the protocol.
func newGoRider(t *testing.T, seed port, protocol int) *goRider {
	t.Helper()
	return rideWith(t, fmt.Sprint("go-redis RESP", protocol), redis.NewClusterClient(&redis.ClusterOptions{
		Addrs: []string{seed.addr()}, Protocol: protocol,
		ClusterStateReloadInterval: time.Second, // a dead node alone makes it look again only after 60
	}))
}

// newSingleGoRider is go-redis on one server.
func newSingleGoRider(t *testing.T, at port, protocol int) *goRider {
	t.Helper()
	return rideWith(t, fmt.Sprint("go-redis RESP", protocol), redis.NewClient(&redis.Options{Addr: at.addr(), Protocol: protocol}))
}

// rideWith makes a rider of any client of go-redis.
func rideWith(t *testing.T, who string, client redis.UniversalClient) *goRider {
	t.Helper()
	redis.SetLogger(silence{})
	r := ride(t, who, goRedis{client})
	require.NoError(t, client.Ping(t.Context()).Err())
	return r
}

func (g goRedis) set(ctx context.Context, key, value string) error {
	return g.client.Set(ctx, key, value, 0).Err()
}

func (g goRedis) get(ctx context.Context, key string) (string, error) {
	return g.client.Get(ctx, key).Result()
}

func (g goRedis) hello(ctx context.Context) (map[string]any, error) {
	about, err := g.client.Do(ctx, "HELLO").Result()
	named := map[string]any{}
	switch m := about.(type) {
	case map[any]any:
		for k, v := range m {
			named[fmt.Sprint(k)] = v
		}
	case []any: // RESP2
		for i := 0; i+1 < len(m); i += 2 {
			named[fmt.Sprint(m[i])] = m[i+1]
		}
	}
	return named, err
}

func (g goRedis) pipe(ctx context.Context, prefix string, n int) (wrong int, err error) {
	pipe := g.client.Pipeline()
	for i := range n {
		pipe.Set(ctx, fmt.Sprint(prefix, i), i, 0)
	}
	for i := range n {
		pipe.Get(ctx, fmt.Sprint(prefix, i))
	}
	replies, err := pipe.Exec(ctx)
	for i := range replies[:n] {
		if got, err := replies[n+i].(*redis.StringCmd).Int(); err != nil || got != i {
			wrong++
		}
	}
	return wrong, err
}

func (g goRedis) close() { _ = g.client.Close() }
