package command

// class is a set of bytes.
type class [4]uint64

func (s *class) add(c byte)      { s[c/64] |= 1 << (c % 64) }
func (s *class) has(c byte) bool { return s[c/64]>>(c%64)&1 != 0 }

// addEither adds a letter in both cases, anything else as it is.
func (s *class) addEither(c byte) {
	s.add(c)
	if isLetter(c) {
		s.add(c ^ caseBit)
	}
}

// addRange adds low to high, whichever of them is the greater. With fold it adds what is in that
// range once all three are in lower case.
func (s *class) addRange(low, high byte, fold bool) {
	if low > high {
		low, high = high, low
	}
	if fold {
		low, high = lower(low), lower(high)
	}
	for c := range 256 {
		seen := byte(c)
		if fold {
			seen = lower(seen)
		}
		if low <= seen && seen <= high {
			s.add(byte(c))
		}
	}
}

// readClass reads the [...] that pattern begins with. Without its closing bracket it ends with the
// pattern. What stands behind a \ is taken as it is, whatever fold says.
func readClass(pattern []byte, fold bool) (s class, size int) {
	i := 1
	negated := i < len(pattern) && pattern[i] == '^'
	if negated {
		i++
	}
	for i < len(pattern) && pattern[i] != ']' {
		rest := pattern[i:]
		switch {
		case rest[0] == '\\' && len(rest) >= 2:
			s.add(rest[1])
			i += 2
		case len(rest) >= 3 && rest[1] == '-':
			s.addRange(rest[0], rest[2], fold)
			i += 3
		case fold:
			s.addEither(rest[0])
			i++
		default:
			s.add(rest[0])
			i++
		}
	}
	if negated {
		for w := range s {
			s[w] = ^s[w]
		}
	}
	return s, min(i+1, len(pattern))
}

// caseBit is what distinguishes a small letter from its capital.
const caseBit = 'a' - 'A'

func isLetter(c byte) bool { return 'a' <= lower(c) && lower(c) <= 'z' }
