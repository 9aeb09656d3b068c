package keyspace

import "unsafe"

// stringItem is a key together with its string: half the objects for the collector to visit, and
// a read of the key has fetched the value's header.
type stringItem struct {
	item
	value StringValue
}

// sharedText is the longest text that shares a block with its key. When the text is replaced by
// a longer one, as many bytes lie idle for as long as the key lives.
const sharedText = 64

// newStringItem returns an item for a key that is not there yet, with text for its value. Both
// are copied.
func newStringItem(key, text []byte) *item {
	p := new(stringItem)
	p.Value.Value = &p.value
	if len(text) == 0 || len(text) > sharedText {
		p.key = string(key)
		p.value.Assign(text)
		return &p.item
	}
	if n, ok := ParseInt(text); ok {
		p.key = string(key)
		p.value.SetInt(n)
		return &p.item
	}
	block := make([]byte, len(key)+len(text))
	copy(block, key)
	p.key = unsafe.String(unsafe.SliceData(block), len(key))
	p.value.form, p.value.text = textForm(len(text)), append(block[len(key):len(key)], text...)
	return &p.item
}
