package server

import (
	"strconv"
	"strings"

	"clusterplay/node/keyspace"
)

// eventClass is a set of classes of keyspace events, one bit per letter of eventLetters.
type eventClass uint16

// eventLetters are the classes in the order in which CONFIG GET prints them; A stands for all
// that are not K, E, m and n (keyspaceEventsFlagsToString).
const eventLetters = "g$lshzxetdKEmn"

const (
	allEvents   eventClass = 1<<10 - 1
	toKeyspace  eventClass = 1 << 10
	toKeyevent  eventClass = 1 << 11
	missEvents  eventClass = 1 << 12
	newEvents   eventClass = 1 << 13
	genericOnly eventClass = 1
)

// eventClasses is the kind of notify-keyspace-events.
func eventClasses(text string) (string, int64, string) {
	for _, r := range text {
		if r != 'A' && !strings.ContainsRune(eventLetters, r) {
			return "", 0, "Invalid event class character. Use 'Ag$lshzxeKEtmdn'."
		}
	}
	return parseEventClasses(text).String(), 0, ""
}

func parseEventClasses(text string) eventClass {
	var set eventClass
	for _, r := range text {
		if r == 'A' {
			set |= allEvents
		} else {
			set |= 1 << strings.IndexRune(eventLetters, r)
		}
	}
	return set
}

// String writes the letters as CONFIG GET shows them.
func (e eventClass) String() string {
	var b strings.Builder
	rest := e
	if e&allEvents == allEvents {
		b.WriteByte('A')
		rest &^= allEvents
	}
	for i := range eventLetters {
		if rest&(1<<i) != 0 {
			b.WriteByte(eventLetters[i])
		}
	}
	return b.String()
}

// eventFamilies says which letter an event belongs to; generic events are not listed.
var eventFamilies = map[string]byte{
	"set": '$', "setrange": '$', "incrby": '$', "incrbyfloat": '$', "append": '$',
	"setbit": '$', "pfadd": '$',
	"lpush": 'l', "rpush": 'l', "lpop": 'l', "rpop": 'l', "lset": 'l', "linsert": 'l', "lrem": 'l', "ltrim": 'l',
	"sortstore": 'l',
	"sadd":      's', "srem": 's', "spop": 's', "sinterstore": 's', "sunionstore": 's', "sdiffstore": 's',
	"hset": 'h', "hincrby": 'h', "hincrbyfloat": 'h', "hdel": 'h',
	"zadd": 'z', "zincr": 'z', "zrem": 'z', "zremrangebyscore": 'z', "zremrangebyrank": 'z', "zremrangebylex": 'z',
	"zpopmin": 'z', "zpopmax": 'z', "zunionstore": 'z', "zinterstore": 'z', "zdiffstore": 'z', "zrangestore": 'z',
	"xadd": 't', "xtrim": 't', "xdel": 't', "xsetid": 't', "xgroup-create": 't', "xgroup-setid": 't', "xgroup-destroy": 't',
	"xgroup-createconsumer": 't', "xgroup-delconsumer": 't',
	"georadiusstore": 'z', "geosearchstore": 'z',
	"expired": 'x', "evicted": 'e', "keymiss": 'm', "new": 'n',
}

// listenToSpace has the space tell what only it knows, when one of the two classes is asked for.
func (s *Server) listenToSpace() {
	s.space.OnMiss, s.space.OnNew = nil, nil
	if s.notify&missEvents != 0 {
		s.space.OnMiss = func(db *keyspace.DB, key []byte) { s.notifyEvent(db, key, "keymiss") }
	}
	if s.notify&newEvents != 0 {
		s.space.OnNew = func(db *keyspace.DB, key []byte) {
			if s.loading == nil {
				s.notifyEvent(db, key, "new")
			}
		}
	}
}

// Modified tells that key in db changed: whoever watches it must not commit, whoever listens for
// its events is told.
func (s *Server) Modified(db *keyspace.DB, key []byte, event string) {
	s.touchWatched(db, key)
	if s.isReplica() {
		s.rememberOwn(db, key)
	}
	if !s.tracking.Idle() {
		s.tracking.Changed(key)
	}
	if s.notify != 0 && event != "" {
		s.notifyEvent(db, key, event)
	}
}

// Notify tells whoever listens for the events of key, and nobody else.
func (s *Server) Notify(db *keyspace.DB, key []byte, event string) {
	if s.notify != 0 {
		s.notifyEvent(db, key, event)
	}
}

// notifyEvent publishes one keyspace event (notifyKeyspaceEvent).
func (s *Server) notifyEvent(db *keyspace.DB, key []byte, event string) {
	class := genericOnly
	if letter, ok := eventFamilies[event]; ok {
		class = 1 << strings.IndexByte(eventLetters, letter)
	}
	if s.notify&class == 0 {
		return
	}
	number := strconv.Itoa(db.Number)
	if s.notify&toKeyspace != 0 {
		s.pubsub.Publish([]byte("__keyspace@"+number+"__:"+string(key)), []byte(event))
	}
	if s.notify&toKeyevent != 0 {
		s.pubsub.Publish([]byte("__keyevent@"+number+"__:"+event), key)
	}
}
