package command

import "math/bits"

// Flags say how the server treats a command.
type Flags uint32

// The flags, in the order in which COMMAND INFO prints them.
const (
	Write           Flags = 1 << iota // may change the data set
	ReadOnly                          // reads keys and never changes them
	DenyOOM                           // refused when memory is full
	Admin                             // hidden from MONITOR
	PubSub                            // about publish and subscribe
	NoScript                          // not from scripts
	Blocking                          // may wait
	Loading                           // served while the data set is loaded
	Stale                             // served by a replica without its master
	SkipMonitor                       // hidden from MONITOR
	SkipSlowlog                       // hidden from SLOWLOG
	Asking                            // carries an implicit ASKING
	Fast                              // takes constant or logarithmic time
	NoAuth                            // served before AUTH
	NoMandatoryKeys                   // may be called without keys
	NoAsyncLoading                    // not while a replica loads in the background
	NoMulti                           // not inside MULTI
	MovableKeys                       // the positions of the keys depend on the arguments
	AllowBusy                         // served while a script runs for too long
	MayReplicate                      // may reach replicas although it does not write; not printed
)

var flagNames = [...]string{
	"write", "readonly", "denyoom", "admin", "pubsub", "noscript", "blocking", "loading", "stale",
	"skip_monitor", "skip_slowlog", "asking", "fast", "no_auth",
	"no_mandatory_keys", "no_async_loading", "no_multi", "movablekeys", "allow_busy",
}

// Names returns the names of the flags as COMMAND INFO prints them.
func (f Flags) Names() []string { return names(uint32(f), flagNames[:]) }

// Categories are the ACL categories a command belongs to.
type Categories uint32

// The categories, in the order in which COMMAND INFO prints them.
const (
	CategoryKeyspace Categories = 1 << iota
	CategoryRead
	CategoryWrite
	CategorySet
	CategorySortedSet
	CategoryList
	CategoryHash
	CategoryString
	CategoryBitmap
	CategoryHyperLogLog
	CategoryGeo
	CategoryStream
	CategoryPubSub
	CategoryAdmin
	CategoryFast
	CategorySlow
	CategoryBlocking
	CategoryDangerous
	CategoryConnection
	CategoryTransaction
	CategoryScripting
)

var categoryNames = [...]string{
	"@keyspace", "@read", "@write", "@set", "@sortedset", "@list", "@hash", "@string", "@bitmap",
	"@hyperloglog", "@geo", "@stream", "@pubsub", "@admin", "@fast", "@slow", "@blocking",
	"@dangerous", "@connection", "@transaction", "@scripting",
}

// Names returns the names of the categories as COMMAND INFO prints them.
func (c Categories) Names() []string { return names(uint32(c), categoryNames[:]) }

// AllCategories returns every category in the order in which ACL CAT lists them.
func AllCategories() []Categories {
	all := make([]Categories, len(categoryNames))
	for i := range all {
		all[i] = 1 << i
	}
	return all
}

// Name returns the name of one category without the @.
func (c Categories) Name() string { return categoryNames[bits.TrailingZeros32(uint32(c))][1:] }

// CategoryOf returns the category with that name, without the @, in any case; 0 when there is none.
func CategoryOf(name string) Categories {
	for i, known := range categoryNames {
		if equalFold([]byte(name), known[1:]) {
			return 1 << i
		}
	}
	return 0
}

// implied lists the categories that follow from a flag.
var implied = [...]struct {
	flag       Flags
	categories Categories
}{
	{Write, CategoryWrite},
	{ReadOnly, CategoryRead},
	{Admin, CategoryAdmin | CategoryDangerous},
	{PubSub, CategoryPubSub},
	{Fast, CategoryFast},
	{Blocking, CategoryBlocking},
}

func names(set uint32, all []string) []string {
	out := make([]string, 0, bits.OnesCount32(set))
	for i, name := range all {
		if set&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}
