package slot

import "bytes"

// Slot is one of the Count hash slots a cluster divides its keys into.
type Slot uint16

// Count is the number of hash slots: the CRC's lower 14 bits.
const Count = 16384

// Of returns the slot of a key. If the key holds a tag, the bytes between its first '{' and the
// first '}' after it, only a tag that is not empty decides.
func Of(key []byte) Slot { return Slot(CRC16(Tag(key)) % Count) }

// OfString returns the slot of a key held in a string.
func OfString(key string) Slot {
	start, end := tagString(key)
	var crc uint16
	for i := start; i < end; i++ {
		crc = crc<<8 ^ crcTable[byte(crc>>8)^key[i]]
	}
	return Slot(crc % Count)
}

// Tag returns the part of a key that decides its slot: the hash tag, or the whole key.
func Tag(key []byte) []byte {
	open := bytes.IndexByte(key, '{')
	if open < 0 {
		return key
	}
	size := bytes.IndexByte(key[open+1:], '}')
	if size <= 0 {
		return key
	}
	return key[open+1 : open+1+size]
}

// tagString is Tag for a string: it returns the bounds of the deciding part.
func tagString(key string) (start, end int) {
	for open := range len(key) {
		if key[open] != '{' {
			continue
		}
		for end := open + 1; end < len(key); end++ {
			if key[end] != '}' {
				continue
			}
			if end == open+1 {
				return 0, len(key)
			}
			return open + 1, end
		}
		break
	}
	return 0, len(key)
}
