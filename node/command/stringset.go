package command

import "clusterplay/node/resp"

var setStringCommands = []binding{
	{"set", set}, {"setnx", setnx}, {"getex", getex},
	{"setex", func(c *Context) { c.setExpiring(seconds) }},
	{"psetex", func(c *Context) { c.setExpiring(millis) }},
}

// stringOptions are the options of SET and GETEX.
type stringOptions struct {
	nx, xx, get, keepTTL, persist bool

	form expiryForm
	time []byte
}

// set is SET key value [NX|XX] [GET] [EX s|PX ms|EXAT s|PXAT ms|KEEPTTL].
func set(c *Context) {
	var o stringOptions
	if len(c.Args) > 3 {
		var ok bool
		if o, ok = c.stringOptions(c.Args[3:], false); !ok {
			return
		}
	}
	c.setString(c.Args[1], c.Args[2], o)
}

// setString is the common part of SET, SETEX and PSETEX.
func (c *Context) setString(key, value []byte, o stringOptions) {
	at := int64(0)
	if o.form != noExpiry {
		var ok bool
		if at, ok = c.expiryTime(o.form, o.time); !ok {
			return
		}
	}
	if o.get {
		old, ok := c.readString(key)
		if !ok {
			return
		}
		c.bulkString(old)
	}
	if (o.nx || o.xx) && (c.ForWrite(key) != nil) != o.xx {
		if !o.get {
			c.Null()
		}
		return
	}
	c.storeString(key, value, at, o)
	if !o.get {
		c.OK()
	}
}

func (c *Context) storeString(key, value []byte, at int64, o stringOptions) {
	if o.keepTTL {
		c.DB.OverwriteString(c.Now, key, value)
	} else {
		c.DB.SetString(c.Now, key, value)
	}
	c.Modified(key, "set")
	c.Changed(1)
	switch {
	case at != 0:
		c.DB.Expire(key, at)
		c.Modified(key, "expire")
		words := c.Room.command(5)
		words[0], words[1], words[2], words[3], words[4] = wordSet, key, value, wordPXAt, c.Room.decimal(at)
		c.Effects.Rewritten = words
	case o.get:
		c.rewriteWithoutGet()
	}
}

// rewriteWithoutGet propagates the command without its GET: replicas need no answer.
func (c *Context) rewriteWithoutGet() {
	var words [][]byte
	for i, word := range c.Args {
		if i < 3 || !equalFold(word, "get") {
			words = append(words, word)
		}
	}
	c.RewriteBytes(words...)
}

// stringOptions parses the options of SET, or of GETEX (parseExtendedStringArgumentsOrReply).
func (c *Context) stringOptions(words [][]byte, getex bool) (o stringOptions, ok bool) {
	for len(words) > 0 {
		used := o.takeFlag(words[0], getex)
		if used == 0 && len(words) > 1 {
			used = o.takeExpiry(words[0], words[1])
		}
		if used == 0 {
			c.Error(resp.ErrSyntax)
			return o, false
		}
		words = words[used:]
	}
	return o, true
}

// takeFlag takes an option of one word and returns how many words it used.
func (o *stringOptions) takeFlag(word []byte, getex bool) int {
	fresh := o.form == noExpiry && !o.keepTTL && !o.persist
	switch {
	case !getex && !o.xx && equalFold(word, "nx"):
		o.nx = true
	case !getex && !o.nx && equalFold(word, "xx"):
		o.xx = true
	case !getex && equalFold(word, "get"):
		o.get = true
	case !getex && o.form == noExpiry && equalFold(word, "keepttl"):
		o.keepTTL = true
	case getex && (fresh || o.persist) && equalFold(word, "persist"):
		o.persist = true
	default:
		return 0
	}
	return 1
}

// takeExpiry takes an option of two words and returns how many words it used.
func (o *stringOptions) takeExpiry(word, time []byte) int {
	form := expiryOption(word)
	if form == noExpiry || o.keepTTL || o.persist || o.form != noExpiry && o.form != form {
		return 0
	}
	o.form, o.time = form, time
	return 2
}

func expiryOption(word []byte) expiryForm {
	switch {
	case equalFold(word, "ex"):
		return seconds
	case equalFold(word, "px"):
		return millis
	case equalFold(word, "exat"):
		return unixSeconds
	case equalFold(word, "pxat"):
		return unixMillis
	}
	return noExpiry
}

// setnx is SETNX key value.
func setnx(c *Context) {
	key := c.Args[1]
	if c.ForWrite(key) != nil {
		c.Int(0)
		return
	}
	c.storeString(key, c.Args[2], 0, stringOptions{})
	c.Int(1)
}

// setExpiring is SETEX and PSETEX key time value.
func (c *Context) setExpiring(form expiryForm) {
	c.setString(c.Args[1], c.Args[3], stringOptions{form: form, time: c.Args[2]})
}

// getex is GETEX key [EX s|PX ms|EXAT s|PXAT ms|PERSIST].
func getex(c *Context) {
	key := c.Args[1]
	o, ok := c.stringOptions(c.Args[2:], true)
	if !ok {
		return
	}
	s, ok := c.readString(key)
	if !ok {
		return
	}
	if s == nil {
		c.Null()
		return
	}
	at := int64(0)
	if o.form != noExpiry {
		if at, ok = c.expiryTime(o.form, o.time); !ok {
			return
		}
	}
	c.bulkString(s)
	c.changeExpiry(key, at, o)
}

// changeExpiry does what GETEX does to the key; at 0 is no new expiry.
func (c *Context) changeExpiry(key []byte, at int64, o stringOptions) {
	switch {
	case at != 0 && o.form.absolute() && c.alreadyDead(at):
		c.deleteInstead(key, "lazyfree-lazy-expire")
	case at != 0:
		c.DB.Expire(key, at)
		c.RewriteBytes(wordPExpireAt, key, c.Room.decimal(at))
		c.Modified(key, "expire")
		c.Changed(1)
	case o.persist && c.volatile(key):
		c.DB.Persist(key)
		c.RewriteBytes(wordPersist, key)
		c.Modified(key, "persist")
		c.Changed(1)
	}
}

func (c *Context) volatile(key []byte) bool {
	e := c.DB.Look(c.Now, key)
	return e != nil && e.Volatile()
}
