package hll

// Union collects the registers of several sketches, the highest of each. The zero Union is empty.
type Union [registers]byte

// Merge adds the registers of a valid text.
func (u *Union) Merge(text []byte) error {
	if !Sparse(text) {
		body := text[headerSize:]
		for i := range u {
			u[i] = max(u[i], denseAt(body, i))
		}
		return nil
	}
	index := 0
	for r := range runs(text) {
		if r.value == 0 {
			index += r.length
			continue
		}
		if index+r.length > registers {
			return ErrCorrupt
		}
		for range r.length {
			u[index] = max(u[index], r.value)
			index++
		}
	}
	if index != registers {
		return ErrCorrupt
	}
	return nil
}

// Count estimates how many different elements the sketches have seen together.
func (u *Union) Count() uint64 {
	var h histogram
	for _, value := range u {
		h[value]++
	}
	return h.estimate()
}

// Into raises the registers of a valid text, which may be changed in place, to those of u and
// returns the new one, its count out of date. As in Redis a corrupt text keeps what cannot be set.
func (u *Union) Into(text []byte, limit int) []byte {
	for i, value := range u {
		if value > 0 {
			text, _, _ = raise(text, i, value, limit)
		}
	}
	Outdate(text)
	return text
}

// Registers returns the values of the registers of a valid dense text.
func Registers(text []byte) (values [registers]byte) {
	for i := range values {
		values[i] = denseAt(text[headerSize:], i)
	}
	return values
}
