package resp

// Limits bound what one connection may make us hold. They are checked on headers, before a byte
// of the announced data is waited for; memory follows what was received, never what was promised.
// A zero field means its default.
type Limits struct {
	MaxArgs   int // words in one command; default DefaultMaxArgs
	MaxBulk   int // bytes in one word (proto-max-bulk-len); default DefaultMaxBulk
	MaxInline int // bytes in an inline command or a header line; default DefaultMaxInline
	MaxBuffer int // bytes received and not yet executed (client-query-buffer-limit); default DefaultMaxBuffer
}

// The defaults of Limits, and what holds for a client that has not given its password yet.
const (
	// DefaultMaxArgs is where Redis drew the line before 7.0; 7.0 itself waits for up to 2^31-1.
	DefaultMaxArgs = 1 << 20
	// DefaultMaxBulk is proto-max-bulk-len's default.
	DefaultMaxBulk = 512 << 20
	// DefaultMaxInline is PROTO_INLINE_MAX_SIZE.
	DefaultMaxInline = 64 << 10
	// DefaultMaxBuffer is client-query-buffer-limit's default.
	DefaultMaxBuffer = 1 << 30
	// StrangerMaxArgs and StrangerMaxBulk hold until AUTH: enough for HELLO 3 AUTH user password.
	StrangerMaxArgs = 10
	StrangerMaxBulk = 16 << 10
)

// WithDefaults fills the zero fields.
func (l Limits) WithDefaults() Limits {
	setDefault(&l.MaxArgs, DefaultMaxArgs)
	setDefault(&l.MaxBulk, DefaultMaxBulk)
	setDefault(&l.MaxInline, DefaultMaxInline)
	setDefault(&l.MaxBuffer, DefaultMaxBuffer)
	return l
}

func setDefault(field *int, value int) {
	if *field == 0 {
		*field = value
	}
}
