package rdb

// Version is the format version written, and the newest one read.
const Version = 10

// magic opens every file; four digits of version follow.
const magic = "REDIS"

// Opcodes: what a byte in the place of a value type means.
const (
	opFunction    = 0xF5 // a library's source
	opFunctionOld = 0xF6 // only release candidates of 7.0 wrote it
	opModuleAux   = 0xF7
	opIdle        = 0xF8
	opFreq        = 0xF9
	opAux         = 0xFA
	opResize      = 0xFB
	opExpireMs    = 0xFC
	opExpire      = 0xFD
	opSelect      = 0xFE
	opEnd         = 0xFF
)

// Type is the byte that says how a value is laid out.
type Type byte

// The layouts of version 10. Those that 7.0.15 itself writes are marked.
const (
	TypeString     Type = 0 // written
	TypeList       Type = 1
	TypeSet        Type = 2 // written
	TypeZSetText   Type = 3 // scores as text
	TypeHash       Type = 4 // written
	TypeZSet       Type = 5 // written
	TypeModule1    Type = 6
	TypeModule2    Type = 7
	TypeHashZipmap Type = 9
	TypeListZip    Type = 10
	TypeIntset     Type = 11 // written
	TypeZSetZip    Type = 12
	TypeHashZip    Type = 13
	TypeQuicklist  Type = 14
	TypeStream1    Type = 15
	TypeHashPack   Type = 16 // written
	TypeZSetPack   Type = 17 // written
	TypeQuicklist2 Type = 18 // written
	TypeStream2    Type = 19 // written
)

// Length prefixes: the two highest bits of the first byte.
const (
	len6       = 0x00
	len14      = 0x40
	len32      = 0x80
	len64      = 0x81
	lenSpecial = 0xC0
)

// Special string encodings: the low six bits behind lenSpecial.
const (
	encInt8  = 0
	encInt16 = 1
	encInt32 = 2
	encLZF   = 3
)

// Containers of a quicklist2 node.
const (
	nodePlain  = 1
	nodePacked = 2
)

// typeNames are what redis-check-rdb calls the types.
var typeNames = [...]string{
	"string", "list-linked", "set-hashtable", "zset-v1", "hash-hashtable", "zset-v2", "module-value", "", "", "hash-zipmap", "list-ziplist",
	"set-intset", "zset-ziplist", "hash-ziplist", "quicklist", "stream", "hash-listpack", "zset-listpack", "quicklist-v2", "stream-v2",
}

// Name is what redis-check-rdb calls the type.
func (t Type) Name() string {
	if int(t) < len(typeNames) && typeNames[t] != "" {
		return typeNames[t]
	}
	return "unknown"
}

// Packed is what Redis calls the packed form in which a value of this type is stored, when it has a complaint
// about it; "" for a type that is not packed.
func (t Type) Packed() string {
	switch t {
	case TypeHashZipmap:
		return "Zipmap"
	case TypeListZip:
		return "List ziplist"
	case TypeQuicklist:
		return "Ziplist"
	case TypeIntset:
		return "Intset"
	case TypeZSetZip:
		return "Zset ziplist"
	case TypeHashZip:
		return "Hash ziplist"
	case TypeHashPack:
		return "Hash listpack"
	case TypeZSetPack:
		return "Zset listpack"
	case TypeQuicklist2:
		return "Listpack"
	case TypeStream1, TypeStream2:
		return "Stream listpack"
	}
	return ""
}
