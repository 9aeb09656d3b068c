package command

// shortNames finds the commands whose names have at most eight bytes, which are almost all that are called: such a
// name is a number, and what is hashed is that.
type shortNames [shortBuckets]shortName

type shortName struct {
	word uint64
	size int
	cmd  *Command // nil: nothing is here, nor further on
}

const (
	// longestShort is how many bytes a word has.
	longestShort = 8
	// shortBits make a table of which three quarters stay empty, so that a look finds what it looks for at once.
	shortBits    = 10
	shortBuckets = 1 << shortBits
	// golden is 2^64 / golden ratio, which spreads numbers that are much alike.
	golden = 0x9e3779b97f4a7c15
)

// newShortNames indexes commands by the names they have been given.
func newShortNames(byName map[string]*Command) *shortNames {
	index := new(shortNames)
	for name, cmd := range byName {
		if len(name) > longestShort {
			continue
		}
		word := wordOf([]byte(name))
		at := word * golden >> (64 - shortBits)
		for index[at].cmd != nil {
			at = (at + 1) % shortBuckets
		}
		index[at] = shortName{word, len(name), cmd}
	}
	return index
}

// find returns the command with a name of at most eight bytes, or nil; case does not matter.
func (x *shortNames) find(name []byte) *Command {
	word := wordOf(name)
	for at := word * golden >> (64 - shortBits); ; at = (at + 1) % shortBuckets {
		if e := &x[at]; e.cmd == nil || e.word == word && e.size == len(name) {
			return e.cmd
		}
	}
}

// wordOf is a name of at most eight bytes, in lower case, as a number. Only together with its length is it the name:
// it may begin with zero bytes.
func wordOf(name []byte) (word uint64) {
	for _, c := range name {
		word = word<<8 | uint64(lower(c))
	}
	return word
}
