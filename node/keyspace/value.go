package keyspace

// Kind is the type of a value, as TYPE names it.
type Kind uint8

// The kinds of value.
const (
	None Kind = iota
	String
	List
	Set
	ZSet
	Hash
	Stream
)

var kindNames = [...]string{"none", "string", "list", "set", "zset", "hash", "stream"}

// String returns what TYPE answers.
func (k Kind) String() string { return kindNames[k] }

// Value is what a key holds: *StringValue, *ListValue, *SetValue, *ZSetValue, *HashValue or *StreamValue.
type Value interface {
	Kind() Kind
	// Encoding is what OBJECT ENCODING answers, with Redis' thresholds: "listpack", "quicklist".
	Encoding() string
	// Len is the number of elements (bytes for a string).
	Len() int
	// Footprint estimates the bytes the value occupies, for MEMORY USAGE and used_memory.
	Footprint() int
	// Copy is a deep copy.
	Copy() Value
}
