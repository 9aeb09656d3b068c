package bus

import "bytes"

// IDLen is the length of a node id in characters.
const IDLen = 40

// ID names a node: 40 characters of [a-z0-9]. The zero ID names nobody.
type ID [IDLen]byte

// String is the id as text; the zero ID is "".
func (id ID) String() string {
	if id == (ID{}) {
		return ""
	}
	return string(id[:])
}

// Valid reports whether all characters are ones Redis accepts (verifyClusterNodeId).
func (id *ID) Valid() bool {
	for _, c := range id {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// ParseID reads an id; ok is false when text is not one.
func ParseID(text string) (id ID, ok bool) {
	if len(text) != IDLen {
		return ID{}, false
	}
	copy(id[:], text)
	if !id.Valid() {
		return ID{}, false
	}
	return id, true
}

// IPLen is the size of an address field: the longest textual IPv6 address and its NUL.
const IPLen = 46

// IP is an address field: text, NUL padded.
type IP [IPLen]byte

// MakeIP returns the field holding text, cut so that a NUL remains.
func MakeIP(text string) (ip IP) {
	copy(ip[:IPLen-1], text)
	return ip
}

// Text returns the bytes before the first NUL; they belong to ip.
func (ip *IP) Text() []byte {
	if end := bytes.IndexByte(ip[:], 0); end >= 0 {
		return ip[:end]
	}
	return ip[:]
}

// String is the address as text.
func (ip *IP) String() string { return string(ip.Text()) }
