package keyspace

// Limits says how large a value may grow before it leaves its compact encoding. Every change that
// can make a value larger is told the limits in force; an encoding converts upward only.
type Limits struct {
	SetInts     int // set-max-intset-entries
	HashEntries int // hash-max-listpack-entries: pairs
	HashBytes   int // hash-max-listpack-value: of one field or value
	ZSetEntries int // zset-max-listpack-entries
	ZSetBytes   int // zset-max-listpack-value: of one member

	Seed Seed // hashes the tables that values convert to
}

// DefaultLimits are the limits of a redis.conf that does not mention them.
func DefaultLimits() Limits {
	return Limits{SetInts: 512, HashEntries: 512, HashBytes: 64, ZSetEntries: 128, ZSetBytes: 64}
}

// Estimates of what a value costs beside the bytes of its elements, for Footprint.
const (
	valueBytes = 64 // a value and its entry's interface
	itemBytes  = 48 // an Item with its allocation's rounding
	orderBytes = 32 // a member's place in a ZSetValue's tree
)

// dictBytes estimates what d costs beside the bytes of its keys.
func dictBytes[V any](d *Dict[V]) int {
	return itemBytes*d.Len() + pointerBytes*d.Buckets()
}

// Seed returns what chooses the order of the tables of this Space.
func (s *Space) Seed() Seed { return s.config.Seed }
