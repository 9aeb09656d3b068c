package command

import (
	"math"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// expiryForm is how a command spells a time to die.
type expiryForm uint8

const (
	noExpiry    expiryForm = iota
	seconds                // from now
	millis                 // from now
	unixSeconds            // since 1970
	unixMillis             // since 1970
)

func (f expiryForm) absolute() bool  { return f >= unixSeconds }
func (f expiryForm) inSeconds() bool { return f == seconds || f == unixSeconds }

// expiryTime reads the expiry of SET, GETEX, SETEX: a positive number that becomes milliseconds
// since 1970 (getExpireMillisecondsOrReply).
func (c *Context) expiryTime(form expiryForm, text []byte) (at int64, ok bool) {
	n, ok := c.Integer(text)
	if !ok {
		return 0, false
	}
	if at, ok = c.absoluteTime(form, n); n <= 0 || !ok {
		c.Error(resp.InvalidExpire(c.Cmd.Full))
		return 0, false
	}
	return at, true
}

// absoluteTime turns n into milliseconds since 1970; ok is false when they do not fit.
func (c *Context) absoluteTime(form expiryForm, n int64) (at int64, ok bool) {
	if form.inSeconds() {
		if n > math.MaxInt64/1000 || n < math.MinInt64/1000 {
			return 0, false
		}
		n *= 1000
	}
	if form.absolute() {
		return n, true
	}
	return n + c.Now, n <= math.MaxInt64-c.Now
}

// alreadyDead tells whether a key that is to die at at is to be deleted at once. Where expired
// keys are not this server's to delete, the past time is only stored (checkAlreadyExpired).
func (c *Context) alreadyDead(at int64) bool {
	return at <= c.Now && c.Space.Expiry == keyspace.DeleteExpired
}

// deleteWord returns the word for a deletion that the server itself does, by a lazyfree setting.
func (c *Context) deleteWord(setting string) string {
	if c.Host.Setting(setting) == "yes" {
		return "UNLINK"
	}
	return "DEL"
}

// deleteInstead deletes key and propagates that in place of the command.
func (c *Context) deleteInstead(key []byte, setting string) {
	c.DB.Delete(c.Now, key)
	c.RewriteBytes([]byte(c.deleteWord(setting)), key)
	c.Modified(key, "del")
	c.Changed(1)
}

var expireCommands = []binding{
	{"expire", func(c *Context) { c.expire(seconds) }},
	{"pexpire", func(c *Context) { c.expire(millis) }},
	{"expireat", func(c *Context) { c.expire(unixSeconds) }},
	{"pexpireat", func(c *Context) { c.expire(unixMillis) }},
	{"ttl", func(c *Context) { c.timeToLive(seconds) }},
	{"pttl", func(c *Context) { c.timeToLive(millis) }},
	{"expiretime", func(c *Context) { c.timeToLive(unixSeconds) }},
	{"pexpiretime", func(c *Context) { c.timeToLive(unixMillis) }},
	{"persist", persist},
}

// expire is EXPIRE, PEXPIRE, EXPIREAT, PEXPIREAT key time [NX|XX|GT|LT].
func (c *Context) expire(form expiryForm) {
	key := c.Args[1]
	rule, ok := c.expireRule(c.Args[3:])
	if !ok {
		return
	}
	n, ok := c.Integer(c.Args[2])
	if !ok {
		return
	}
	at, ok := c.absoluteTime(form, n)
	if !ok {
		c.Error(resp.InvalidExpire(c.Cmd.Full))
		return
	}
	e := c.ForWrite(key)
	if e == nil || !rule.allows(c.DB, e, at) {
		c.Int(0)
		return
	}
	if c.alreadyDead(at) {
		c.deleteInstead(key, "lazyfree-lazy-expire")
		c.Int(1)
		return
	}
	c.DB.Expire(key, at)
	c.Modified(key, "expire")
	c.Changed(1)
	c.propagateExpire(form, at)
	c.Int(1)
}

// Words of what is propagated in place of what a client sent.
var (
	wordSet       = []byte("SET")
	wordPXAt      = []byte("PXAT")
	wordKeepTTL   = []byte("KEEPTTL")
	wordPExpireAt = []byte("PEXPIREAT")
	wordPersist   = []byte("PERSIST")
)

// propagateExpire rewrites the command to PEXPIREAT with its options.
func (c *Context) propagateExpire(form expiryForm, at int64) {
	if form == unixMillis {
		return
	}
	words := c.Room.command(len(c.Args))
	copy(words, c.Args)
	words[0], words[2] = wordPExpireAt, c.Room.decimal(at)
	c.Effects.Rewritten = words
}

// expireRule are the conditions of EXPIRE.
type expireRule struct{ nx, xx, gt, lt bool }

func (c *Context) expireRule(words [][]byte) (r expireRule, ok bool) {
	for _, word := range words {
		switch {
		case equalFold(word, "nx"):
			r.nx = true
		case equalFold(word, "xx"):
			r.xx = true
		case equalFold(word, "gt"):
			r.gt = true
		case equalFold(word, "lt"):
			r.lt = true
		default:
			c.Error("ERR Unsupported option " + resp.Quoted(word))
			return r, false
		}
	}
	switch {
	case r.nx && (r.xx || r.gt || r.lt):
		c.Error("ERR NX and XX, GT or LT options at the same time are not compatible")
	case r.gt && r.lt:
		c.Error("ERR GT and LT options at the same time are not compatible")
	default:
		return r, true
	}
	return r, false
}

// allows tells whether the rule lets the expiry of e, a key of db, become at. No expiry counts as for ever.
func (r expireRule) allows(db *keyspace.DB, e *keyspace.Entry, at int64) bool {
	switch {
	case r.nx && e.Volatile(), r.xx && !e.Volatile():
		return false
	case r.gt && (!e.Volatile() || at <= db.Expires(e)):
		return false
	}
	return !r.lt || !e.Volatile() || at < db.Expires(e)
}

// timeToLive is TTL, PTTL, EXPIRETIME, PEXPIRETIME key.
func (c *Context) timeToLive(form expiryForm) {
	e := c.DB.Peek(c.Now, c.Args[1])
	switch {
	case e == nil:
		c.Int(-2)
		return
	case !e.Volatile():
		c.Int(-1)
		return
	}
	left := c.DB.Expires(e)
	if !form.absolute() {
		left = max(0, left-c.Now)
	}
	if form.inSeconds() {
		left = int64((uint64(left) + 500) / 1000) // the last millisecond there is rounds up as well
	}
	c.Int(left)
}

// persist is PERSIST key.
func persist(c *Context) {
	key := c.Args[1]
	e := c.ForWrite(key)
	if e == nil || !e.Volatile() {
		c.Int(0)
		return
	}
	c.DB.Persist(key)
	c.Modified(key, "persist")
	c.Changed(1)
	c.Int(1)
}
