package node

import (
	"time"

	"clusterplay/node/resp"
)

// Tuned is a machine whose settings, by their redis.conf names, narrow what its clients may cost:
// maxclients, proto-max-bulk-len, client-query-buffer-limit. What Config allows is the most. A
// change holds for new connections at once and for the others within a cron.
type Tuned interface {
	SettingInt(name string) int64
}

// Limited is a machine with limits of its own on what waits for its clients: by class (normal,
// pubsub), hard and soft as OutputLimit means them, 0 for none. What Config allows is the most.
type Limited interface {
	OutputLimit(class string) (hard, soft int, softFor time.Duration)
}

// tuning is what clients may cost now.
type tuning struct {
	maxClients int
	limits     resp.Limits
	normal     terms
	pubsub     terms
}

// tune reads the settings; the lock is held.
func (l *life) tune() {
	output := &l.cfg.Output
	l.tuning = tuning{
		maxClients: l.cfg.MaxClients, limits: l.cfg.Limits, pubsub: terms{limit: output.PubSub},
		normal: terms{limit: output.Normal, wait: l.cfg.WriteWait, whole: true},
	}
	if m, ok := l.m.(Limited); ok {
		l.tuning.normal.lower(m.OutputLimit("normal"))
		l.tuning.pubsub.lower(m.OutputLimit("pubsub"))
	}
	t, ok := l.m.(Tuned)
	if !ok {
		return
	}
	narrow(&l.tuning.maxClients, t.SettingInt("maxclients"))
	narrow(&l.tuning.limits.MaxBulk, t.SettingInt("proto-max-bulk-len"))
	narrow(&l.tuning.limits.MaxBuffer, t.SettingInt("client-query-buffer-limit"))
}

// uncounted is how much of what waits for a client Redis does not count: the buffer that every
// client has. Redis' begins with 16 KiB, is 1 KiB while the client asks for little, and is left out by replies
// whose length is known at their end only; this lies between.
const uncounted = 10 << 10

// lower puts a machine's limits in the place of wider ones. A hard limit that somebody set holds for
// a single reply as well.
func (t *terms) lower(hard, soft int, softFor time.Duration) {
	if hard > 0 && hard < t.limit.Hard-uncounted {
		t.limit.Hard, t.whole = hard+uncounted, false
	}
	if soft > 0 && soft < t.limit.Hard-uncounted {
		t.limit.Soft, t.limit.SoftFor, t.whole = soft+uncounted, softFor, false
	}
}

// narrow lowers a limit to a setting, if there is one.
func narrow(limit *int, setting int64) {
	if setting > 0 && setting < int64(*limit) {
		*limit = int(setting)
	}
}
