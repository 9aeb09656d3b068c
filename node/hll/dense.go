package hll

const (
	registerBits = 6
	registerMax  = 1<<registerBits - 1
	denseSize    = headerSize + registers*registerBits/8
)

// denseAt reads a register; body is the text behind the header.
func denseAt(body []byte, index int) byte {
	bit := index * registerBits
	at, low := bit/8, bit%8
	value := uint16(body[at])
	if at+1 < len(body) {
		value |= uint16(body[at+1]) << 8
	}
	return byte(value>>low) & registerMax
}

// putDense writes a register.
func putDense(body []byte, index int, value byte) {
	bit := index * registerBits
	at, low := bit/8, bit%8
	mask, shifted := uint16(registerMax)<<low, uint16(value)<<low
	body[at] = body[at]&^byte(mask) | byte(shifted)
	if at+1 < len(body) {
		body[at+1] = body[at+1]&^byte(mask>>8) | byte(shifted>>8)
	}
}

// raiseDense makes a register at least value and tells whether it changed.
func raiseDense(body []byte, index int, value byte) bool {
	if value <= denseAt(body, index) {
		return false
	}
	putDense(body, index, value)
	return true
}

// Dense returns a valid text in the dense encoding; changed tells whether it was not before
// (hllSparseToDense).
func Dense(text []byte) (out []byte, changed bool, err error) {
	if !Sparse(text) {
		return text, false, nil
	}
	out = make([]byte, denseSize)
	copy(out, text[:headerSize])
	out[encodingAt] = denseEncoding
	body, index := out[headerSize:], 0
	for r := range runs(text) {
		if r.value == 0 {
			index += r.length
			continue
		}
		if index+r.length > registers {
			return text, false, ErrCorrupt
		}
		for range r.length {
			putDense(body, index, r.value)
			index++
		}
	}
	if index != registers {
		return text, false, ErrCorrupt
	}
	return out, true, nil
}
