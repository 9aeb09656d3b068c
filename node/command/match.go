package command

// Match tells whether text matches a glob pattern as KEYS, SCAN, PSUBSCRIBE and CONFIG GET mean
// it: * ? [abc] [^a-z] and \ before a literal (stringmatchlen). With fold case does not matter.
//
// Only the last star is ever tried again, so the time is at most len(pattern)·len(text).
func Match[T string | []byte](pattern []byte, text T, fold bool) bool {
	p, t := 0, 0
	star, from := -1, 0 // the last star, and where in text what follows it is tried
	for t < len(text) {
		if p < len(pattern) && pattern[p] == '*' {
			star, from = p, t
			p++
			continue
		}
		if size, ok := matchOne(pattern[p:], text[t], fold); ok {
			p += size
			t++
			continue
		}
		if star < 0 {
			return false
		}
		from++
		p, t = star+1, from
	}
	for p < len(pattern) && pattern[p] == '*' && len(text) > 0 {
		p++ // no text at all matches not even a star, there
	}
	return p == len(pattern)
}

// matchOne matches one byte with the first element of pattern, which is size bytes long.
func matchOne(pattern []byte, c byte, fold bool) (size int, ok bool) {
	if len(pattern) == 0 {
		return 0, false
	}
	switch pattern[0] {
	case '?':
		return 1, true
	case '[':
		return matchClass(pattern, c, fold)
	case '\\':
		if len(pattern) > 1 {
			return 2, same(pattern[1], c, fold)
		}
	}
	return 1, same(pattern[0], c, fold)
}

// matchClass matches [...]. A class without its closing bracket ends with the pattern.
func matchClass(pattern []byte, c byte, fold bool) (size int, ok bool) {
	i := 1
	negated := i < len(pattern) && pattern[i] == '^'
	if negated {
		i++
	}
	for i < len(pattern) && pattern[i] != ']' {
		rest := pattern[i:]
		switch {
		case rest[0] == '\\' && len(rest) >= 2:
			ok = ok || same(rest[1], c, fold)
			i += 2
		case len(rest) >= 3 && rest[1] == '-':
			ok = ok || within(rest[0], rest[2], c, fold)
			i += 3
		default:
			ok = ok || same(rest[0], c, fold)
			i++
		}
	}
	return min(i+1, len(pattern)), ok != negated
}

func same(a, b byte, fold bool) bool {
	return a == b || fold && lower(a) == lower(b)
}

func within(low, high, c byte, fold bool) bool {
	if low > high {
		low, high = high, low
	}
	if fold {
		low, high, c = lower(low), lower(high), lower(c)
	}
	return low <= c && c <= high
}
