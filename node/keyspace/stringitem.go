package keyspace

import (
	"strings"
	"unsafe"
)

// stringItem is a key together with its string: half the objects for the collector to visit, and
// a read of the key has fetched the value's header.
type stringItem struct {
	item
	value StringValue
}

const (
	// sharedText is the longest text that shares a block with its key.
	sharedText = 128
	// idleText is how many bytes of a block may lie idle when the text has left it.
	idleText = 32
)

// newStringItem returns an item for a key that is not there yet, with text for its value. Both
// are copied.
func newStringItem(key, text []byte) *item {
	p := new(stringItem)
	p.Value.Value = &p.value
	n, isInt := ParseInt(text)
	switch {
	case !isInt && len(text) > 0 && len(text) <= sharedText:
		join(&p.item, &p.value, string(key), text)
		return &p.item
	case isInt:
		p.value.SetInt(n)
	default:
		p.value.assignText(text)
	}
	p.name(string(key))
	return &p.item
}

// assign gives s, the value of it, another text, in the memory it has if that fits.
func assign(it *item, s *StringValue, text []byte) {
	n, isInt := ParseInt(text)
	switch {
	case isInt:
		part(it, s)
		s.SetInt(n)
	case s.fits(len(text)):
		s.assignText(text)
	case len(text) > 0 && len(text) <= sharedText:
		join(it, s, it.Key(), text)
	default:
		part(it, s)
		s.assignText(text)
	}
}

// join puts copies of key and text into one block and makes them those of it and s.
func join(it *item, s *StringValue, key string, text []byte) {
	block := make([]byte, len(key)+len(text))
	copy(block, key)
	it.name(unsafe.String(unsafe.SliceData(block), len(key)))
	s.keep(textForm(len(text)), append(block[len(key):len(key)], text...))
}

// part gives the key a block of its own when it shares one with a text that is about to leave. Where the
// key ends is compared as a number: a key that fills its block ends in somebody else's.
func part(it *item, s *StringValue) {
	shared := len(s.text()) > 0 && uintptr(unsafe.Pointer(it.text))+uintptr(it.size) == uintptr(unsafe.Pointer(s.data))
	if shared && s.room() > idleText {
		it.name(strings.Clone(it.Key()))
	}
}
