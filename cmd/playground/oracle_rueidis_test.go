package main_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"
)

// rueidisStore is rueidis: it always pipelines, and caches what it reads until the server says that it
// changed.
type rueidisStore struct {
	client rueidis.Client
	caches bool
}

// newRueidisRider is rueidis on the cluster, or on the one server, that seed belongs to. With RESP2 it
// cannot cache.
func newRueidisRider(t *testing.T, seed port, protocol int) *goRider {
	t.Helper()
	return newRueidis(t, rueidis.ClientOption{InitAddress: []string{seed.addr()}}, protocol)
}

// newSentinelRueidisRider is rueidis on the master that Sentinels name.
func newSentinelRueidisRider(t *testing.T, sentinels []string, protocol int) *goRider {
	t.Helper()
	return newRueidis(t, rueidis.ClientOption{InitAddress: sentinels, Sentinel: rueidis.SentinelOption{MasterSet: "mymaster"}}, protocol)
}

func newRueidis(t *testing.T, option rueidis.ClientOption, protocol int) *goRider {
	t.Helper()
	old := protocol == 2
	option.AlwaysRESP2, option.DisableCache = old, old
	client, err := rueidis.NewClient(option)
	require.NoError(t, err)
	return ride(t, fmt.Sprint("rueidis RESP", protocol), rueidisStore{client, !old})
}

func (r rueidisStore) set(ctx context.Context, key, value string) error {
	return r.client.Do(ctx, r.client.B().Set().Key(key).Value(value).Build()).Error()
}

// get reads through the cache: a value that is out of date there is a wrong answer.
func (r rueidisStore) get(ctx context.Context, key string) (string, error) {
	if !r.caches {
		return r.client.Do(ctx, r.client.B().Get().Key(key).Build()).ToString()
	}
	return r.client.DoCache(ctx, r.client.B().Get().Key(key).Cache(), patience).ToString()
}

func (r rueidisStore) hello(ctx context.Context) (map[string]any, error) {
	about, err := r.client.Do(ctx, r.client.B().Arbitrary("HELLO").Build()).AsMap()
	named := map[string]any{}
	for name, value := range about {
		if n, err := value.AsInt64(); err == nil {
			named[name] = n
		} else if text, err := value.ToString(); err == nil {
			named[name] = text
		}
	}
	return named, err
}

func (r rueidisStore) pipe(ctx context.Context, prefix string, n int) (wrong int, err error) {
	var commands []rueidis.Completed
	for i := range n {
		commands = append(commands, r.client.B().Set().Key(fmt.Sprint(prefix, i)).Value(fmt.Sprint(i)).Build())
	}
	for i := range n {
		commands = append(commands, r.client.B().Get().Key(fmt.Sprint(prefix, i)).Build())
	}
	replies := r.client.DoMulti(ctx, commands...)
	for i := range n {
		if got, err := replies[n+i].AsInt64(); err != nil || got != int64(i) {
			wrong++
		}
	}
	return wrong, replies[0].Error()
}

func (r rueidisStore) close() { r.client.Close() }
