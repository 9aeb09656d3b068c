package node

import "clusterplay/node/resp"

// Tuned is a machine whose settings, by their redis.conf names, narrow what its clients may cost:
// maxclients, proto-max-bulk-len, client-query-buffer-limit. What Config allows is the most. A
// change holds for new connections at once and for the others within a cron.
type Tuned interface {
	SettingInt(name string) int64
}

// tuning is what clients may cost now.
type tuning struct {
	maxClients int
	limits     resp.Limits
}

// tune reads the settings; the lock is held.
func (l *life) tune() {
	l.tuning = tuning{l.cfg.MaxClients, l.cfg.Limits}
	t, ok := l.m.(Tuned)
	if !ok {
		return
	}
	narrow(&l.tuning.maxClients, t.SettingInt("maxclients"))
	narrow(&l.tuning.limits.MaxBulk, t.SettingInt("proto-max-bulk-len"))
	narrow(&l.tuning.limits.MaxBuffer, t.SettingInt("client-query-buffer-limit"))
}

// narrow lowers a limit to a setting, if there is one.
func narrow(limit *int, setting int64) {
	if setting > 0 && setting < int64(*limit) {
		*limit = int(setting)
	}
}
