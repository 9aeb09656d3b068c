package tracking

import "clusterplay/node/resp"

// Tracker is what CLIENT TRACKING has made of one connection. The zero Tracker tracks nothing.
type Tracker struct {
	on        bool
	broadcast bool // told of every key with one of the prefixes, read or not
	optIn     bool // keys count only after CLIENT CACHING YES
	optOut    bool // keys count unless CLIENT CACHING NO came before
	noLoop    bool // not told of what it changes itself
	caching   bool // CLIENT CACHING was given for the next command
	broken    bool // the connection that should hear it is gone
	redirect  uint64
	prefixes  []string // sorted
}

// On reports whether the connection is told of changes.
func (t *Tracker) On() bool { return t.on }

// Broadcasts reports whether it is told of keys that it never read.
func (t *Tracker) Broadcasts() bool { return t.broadcast }

// Prefixes is how many prefixes the connection named.
func (t *Tracker) Prefixes() int { return len(t.prefixes) }

// Broken reports whether the connection that should hear of changes is gone.
func (t *Tracker) Broken() bool { return t.broken }

// Redirect is the connection that is told in its place: 0 for itself, -1 when it does not track.
func (t *Tracker) Redirect() int64 {
	if !t.on {
		return -1
	}
	return int64(t.redirect)
}

// Reads reports whether the keys of the command that has just run are to be remembered.
func (t *Tracker) Reads() bool {
	return t.on && !t.broadcast && (!t.optIn || t.caching) && (!t.optOut || !t.caching)
}

// NextCommand ends what CLIENT CACHING said about the command, or the transaction, that has run.
func (t *Tracker) NextCommand() { t.caching = false }

// Info answers CLIENT TRACKINGINFO.
func (t *Tracker) Info(w *resp.Writer) {
	flags := []string{"off"}
	if t.on {
		flags[0] = "on"
	}
	for _, f := range [...]struct {
		is   bool
		name string
	}{
		{t.broadcast, "bcast"}, {t.optIn, "optin"}, {t.optIn && t.caching, "caching-yes"}, {t.optOut, "optout"},
		{t.optOut && t.caching, "caching-no"}, {t.noLoop, "noloop"}, {t.broken, "broken_redirect"},
	} {
		if f.is {
			flags = append(flags, f.name)
		}
	}
	w.Map(3)
	w.BulkString("flags")
	w.Set(len(flags))
	for _, f := range flags {
		w.BulkString(f)
	}
	w.BulkString("redirect")
	w.Int(t.Redirect())
	w.BulkString("prefixes")
	w.Array(len(t.prefixes))
	for _, p := range t.prefixes {
		w.BulkString(p)
	}
}
