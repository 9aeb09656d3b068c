package tracking

import (
	"slices"
	"strings"

	"clusterplay/node/resp"
)

const (
	errOneRedirect = "ERR A client can only redirect to a single other client"
	errNoRedirect  = "ERR The client ID you want redirect to does not exist"
	errPrefix      = "ERR PREFIX option requires BCAST mode to be enabled"
	errBroadcast   = "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it " +
		"with a different mode."
	errOptBroadcast = "ERR OPTIN and OPTOUT are not compatible with BCAST"
	errOptBoth      = "ERR You can't specify both OPTIN mode and OPTOUT mode"
	errOptSwitch    = "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it " +
		"with a different mode."
	errCaching    = "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled"
	errCachingYes = "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode."
	errCachingNo  = "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode."
)

// readOptions reads what follows CLIENT TRACKING ON or OFF into a Tracker; exists tells whether a connection is
// there.
func readOptions(words [][]byte, exists func(id uint64) bool) (asked Tracker, refusal string) {
	for i := 0; i < len(words); i++ {
		more := i+1 < len(words)
		switch word := strings.ToLower(string(words[i])); {
		case word == "redirect" && more:
			i++
			if asked.redirect != 0 {
				return asked, errOneRedirect
			}
			id, ok := resp.ParseInt(words[i])
			switch {
			case !ok:
				return asked, resp.ErrNotInteger
			case id <= 0 || !exists(uint64(id)):
				return asked, errNoRedirect
			}
			asked.redirect = uint64(id)
		case word == "bcast":
			asked.broadcast = true
		case word == "optin":
			asked.optIn = true
		case word == "optout":
			asked.optOut = true
		case word == "noloop":
			asked.noLoop = true
		case word == "prefix" && more:
			i++
			asked.prefixes = append(asked.prefixes, string(words[i]))
		default:
			return asked, resp.ErrSyntax
		}
	}
	return asked, ""
}

// conflict returns why the options do not go with each other or with what the connection does already.
func (t *Tracker) conflict(asked *Tracker) (refusal string) {
	switch {
	case !asked.broadcast && len(asked.prefixes) > 0:
		return errPrefix
	case t.on && t.broadcast != asked.broadcast:
		return errBroadcast
	case asked.broadcast && (asked.optIn || asked.optOut):
		return errOptBroadcast
	case asked.optIn && asked.optOut:
		return errOptBoth
	case asked.optIn && t.optOut || asked.optOut && t.optIn:
		return errOptSwitch
	}
	return t.overlap(asked.prefixes)
}

// overlap refuses prefixes of which one begins another: a key must be told of once
// (checkPrefixCollisionsOrReply).
func (t *Tracker) overlap(asked []string) (refusal string) {
	for i, p := range asked {
		for _, old := range t.prefixes {
			if overlap(p, old) {
				return "ERR Prefix '" + p + "' overlaps with an existing prefix '" + old +
					"'. Prefixes for a single client must not overlap."
			}
		}
		for _, other := range asked[i+1:] {
			if overlap(p, other) {
				return "ERR Prefix '" + p + "' overlaps with another provided prefix '" + other +
					"'. Prefixes for a single client must not overlap."
			}
		}
	}
	return ""
}

func overlap(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

// Set answers CLIENT TRACKING ON|OFF [option ...]; words begin with the ON or OFF.
func (t *Table[C]) Set(c C, words [][]byte) {
	w := t.host.To(c)
	asked, refusal := readOptions(words[1:], func(id uint64) bool { _, there := t.host.ByID(id); return there })
	if refusal != "" {
		w.Error(refusal)
		return
	}
	switch strings.ToLower(string(words[0])) {
	case "on":
		if refusal := c.Tracks().conflict(&asked); refusal != "" {
			w.Error(refusal)
			return
		}
		t.enable(c, &asked)
	case "off":
		t.Forget(c)
	default:
		w.Error(resp.ErrSyntax)
		return
	}
	w.OK()
}

// enable makes a connection track as asked; prefixes are added to those it has.
func (t *Table[C]) enable(c C, asked *Tracker) {
	own := c.Tracks()
	if !own.on {
		t.clients++
	}
	if asked.broadcast && len(asked.prefixes) == 0 {
		asked.prefixes = []string{""}
	}
	for _, p := range asked.prefixes {
		if !slices.Contains(own.prefixes, p) {
			own.prefixes = append(own.prefixes, p)
			t.join(c, p)
		}
	}
	slices.Sort(own.prefixes)
	own.on, own.broadcast, own.broken = true, asked.broadcast, false
	own.optIn, own.optOut, own.noLoop, own.redirect = asked.optIn, asked.optOut, asked.noLoop, asked.redirect
}

// Forget ends what a connection tracks. What it has read stays in the table until it changes, and then
// nobody is told.
func (t *Table[C]) Forget(c C) {
	own := c.Tracks()
	for _, p := range own.prefixes {
		t.leave(c, p)
	}
	if own.on {
		t.clients--
	}
	*own = Tracker{}
}

// Caching answers CLIENT CACHING YES|NO.
func (t *Table[C]) Caching(c C, word []byte) {
	w, own := t.host.To(c), c.Tracks()
	answer := strings.ToLower(string(word))
	switch {
	case !own.on:
		w.Error(errCaching)
	case answer == "yes" && !own.optIn:
		w.Error(errCachingYes)
	case answer == "no" && !own.optOut:
		w.Error(errCachingNo)
	case answer == "yes", answer == "no":
		own.caching = true
		w.OK()
	default:
		w.Error(resp.ErrSyntax)
	}
}
