package command

import (
	"strconv"

	"clusterplay/node/resp"
	"clusterplay/node/stream"
)

// The texts with which options of XADD and XTRIM are refused.
const (
	errTwoTrims  = "ERR syntax error, MAXLEN and MINID options at the same time are not compatible"
	errMaxLen    = "ERR The MAXLEN argument must be >= 0."
	errLimit     = "ERR The LIMIT argument must be >= 0."
	errBareLimit = "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy"
	errNoTrim    = "ERR syntax error, XTRIM must be called with a trimming strategy"
	errExactly   = "ERR syntax error, LIMIT cannot be used without the special ~ option"
)

// How many entries an approximate trim takes at once when nothing is said: of a hundred nodes, within
// bounds.
const (
	trimNodes   = 100
	trimDefault = 10000
	trimMost    = 1000000
)

// addArguments is what XADD and XTRIM are told beside the fields.
type addArguments struct {
	noStream bool
	trims    bool
	trim     stream.Trim
	from     int // position of the threshold

	id    int // position of the ID
	given bool
	at    stream.ID
	form  stream.Form

	limited bool
}

// addArguments reads the options and the ID of XADD, or answers what is wrong.
func (c *Context) addArguments() (a addArguments, ok bool) {
	for i := 2; i < len(c.Args); i++ {
		word := c.Args[i]
		if string(word) == "*" {
			a.id = i
			break
		}
		next, known := c.trimOption(&a, i)
		switch {
		case next < 0:
			return a, false
		case known:
			i = next
			continue
		case equalFold(word, "nomkstream"):
			a.noStream = true
			continue
		}
		if a.at, a.form, ok = stream.Parse(word, 0); !ok || a.form == stream.Edge {
			c.Error(errStreamID)
			return a, false
		}
		if a.form == stream.NoSeq {
			a.form = stream.Whole
		}
		a.id, a.given = i, true
		break
	}
	if a.id == 0 {
		a.id = len(c.Args)
	}
	return a, c.checkTrim(&a)
}

// trimArguments reads the options of XTRIM, or answers what is wrong.
func (c *Context) trimArguments() (a addArguments, ok bool) {
	for i := 2; i < len(c.Args); i++ {
		next, known := c.trimOption(&a, i)
		if next < 0 {
			return a, false
		}
		if !known {
			c.Error(resp.ErrSyntax)
			return a, false
		}
		i = next
	}
	if a.trim.Limit > 0 && !a.trims {
		c.Error(errBareLimit)
		return a, false
	}
	if !a.trims {
		c.Error(errNoTrim)
		return a, false
	}
	return a, c.checkTrim(&a)
}

// trimOption reads the option at position i and returns the position of its last word; -1 after an
// error was answered.
func (c *Context) trimOption(a *addArguments, i int) (last int, known bool) {
	if i+1 >= len(c.Args) {
		return i, false
	}
	switch word := c.Args[i]; {
	case equalFold(word, "maxlen"):
		return c.threshold(a, i, false), true
	case equalFold(word, "minid"):
		return c.threshold(a, i, true), true
	case equalFold(word, "limit"):
		n, ok := c.Integer(c.Args[i+1])
		if !ok {
			return -1, true
		}
		if n < 0 {
			c.Error(errLimit)
			return -1, true
		}
		a.trim.Limit, a.limited = n, true
		return i + 1, true
	}
	return i, false
}

// threshold reads [=|~] threshold behind position i.
func (c *Context) threshold(a *addArguments, i int, byID bool) (last int) {
	if a.trims {
		c.Error(errTwoTrims)
		return -1
	}
	a.trim.Approx = false
	if mark := string(c.Args[i+1]); i+2 < len(c.Args) && (mark == "~" || mark == "=") {
		a.trim.Approx = mark == "~"
		i++
	}
	i++
	a.trims, a.trim.ByID, a.from = true, byID, i
	if byID {
		id, ok := c.strictID(c.Args[i])
		if !ok {
			return -1
		}
		a.trim.ID = id
		return i
	}
	n, ok := c.Integer(c.Args[i])
	if !ok {
		return -1
	}
	if n < 0 {
		c.Error(errMaxLen)
		return -1
	}
	a.trim.Length = uint64(n)
	return i
}

// checkTrim looks at LIMIT, or chooses one. What comes from the master says exactly what to trim.
func (c *Context) checkTrim(a *addArguments) bool {
	switch {
	case a.trim.Limit > 0 && !a.trims:
		c.Error(errBareLimit)
		return false
	case c.Master:
		a.trim.Limit = 0
	case a.limited && !a.trim.Approx:
		c.Error(errExactly)
		return false
	case !a.limited && a.trim.Approx:
		a.trim.Limit = c.trimLimit()
	}
	return true
}

// trimLimit bounds what an approximate trim does when nobody says how much.
func (c *Context) trimLimit() int64 {
	limit := trimNodes * c.Host.SettingInt("stream-node-max-entries")
	if limit <= 0 {
		return trimDefault
	}
	return min(limit, trimMost)
}

// exactly makes words say what has become of s, for a replica that may have other nodes.
func (a *addArguments) exactly(words [][]byte, s *stream.Stream) {
	words[a.from-1] = []byte("=")
	if a.trim.ByID {
		words[a.from] = s.Edge().Append(nil)
		return
	}
	words[a.from] = strconv.AppendInt(nil, int64(s.Len()), 10)
}
