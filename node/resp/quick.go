package resp

// quick reads a command that lies whole in the buffer and is written the way every client
// library writes it. It reports false, having done nothing, for anything out of the ordinary:
// that is multibulk's to judge.
func (g *Guard) quick(dst [][]byte, limits *Limits) (words [][]byte, ok bool) {
	b := g.buf[g.start:]
	count, pos := shortNumber(b, 1)
	if pos < 0 || count > limits.MaxArgs || len(b) < count*minWord {
		return dst, false
	}
	dst = reserve(dst, count)
	mark := len(dst)
	for range count {
		if pos >= len(b) || b[pos] != '$' {
			return dst[:mark], false
		}
		size, start := shortNumber(b, pos+1)
		if start < 0 || size > limits.MaxBulk || size > len(b)-start-2 {
			return dst[:mark], false
		}
		pos = start + size
		dst = append(dst, b[start:pos:pos])
		pos += 2
	}
	g.start += pos
	return dst, true
}

// shortDigits is as many digits as cannot overflow and any ordinary length has.
const shortDigits = 9

// shortNumber reads a number above 0, without a leading zero, and the CR and one byte after it.
// next is negative when it is anything else.
func shortNumber(b []byte, at int) (n, next int) {
	if at >= len(b) || b[at] == '0' || b[at] == '\r' {
		return 0, -1
	}
	end := min(len(b)-1, at+shortDigits+1)
	for i := at; i < end; i++ {
		digit := b[i] - '0'
		if digit > 9 {
			if b[i] != '\r' {
				return 0, -1
			}
			return n, i + 2
		}
		n = n*10 + int(digit)
	}
	return 0, -1
}
