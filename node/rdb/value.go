package rdb

// Kind is the shape of a value, whatever its layout in the file was.
type Kind uint8

// The shapes.
const (
	None   Kind = iota
	String      // Str
	List        // Items in order
	Set         // Items
	ZSet        // Items with Scores
	Hash        // Items: field, value, field, value
	Stream      // Log
)

// Value is one value between the file and the keyspace. What the Decoder returns may share memory
// with its input and is never overwritten; whoever keeps it for long should copy it.
type Value struct {
	Kind   Kind
	Str    []byte
	Items  [][]byte
	Scores []float64 // Scores[i] belongs to Items[i]
	// Packed asks the Encoder for the compact layout Redis uses for small values (listpack,
	// intset) when the items fit one, so that DUMP gives the same bytes. A List is always packed.
	Packed bool
	Log    *Log // of a Stream
}

// empty reports whether v is a collection without elements, which may not exist. Redis skips such
// keys in a file and refuses them in a payload.
func (v *Value) empty() bool {
	return v.Kind != String && v.Kind != Stream && len(v.Items) == 0
}

// Entry is one key with its value.
type Entry struct {
	DB     int
	Key    []byte
	Value  Value
	Expire int64 // milliseconds since 1970, 0 for none; a file's own 0 or less is read as 1
	Idle   int64 // seconds since the last use, -1 when the file does not say
	Freq   int   // logarithmic use counter, -1 when the file does not say
}

// Meta is what the head of a file says about it. A zero ReplID means that the file carries no
// replication identity.
type Meta struct {
	RedisVersion string
	Created      int64 // unix seconds
	UsedMemory   int64
	ReplDB       int // the database selected in the replication stream, -1 unknown
	ReplID       string
	ReplOffset   int64
	AOFBase      bool
}
