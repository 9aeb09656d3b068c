package slot

import "strings"

// Join adds a slot to a list of ranges such as "0-5460 7000". One that follows the last makes its range longer.
func Join(list string, s Slot) string {
	begin := strings.LastIndexByte(list, ' ') + 1
	last, err := ParseRange(list[begin:])
	if err == nil && last.Last+1 == s {
		last.Last = s
		return list[:begin] + last.String()
	}
	one := Range{First: s, Last: s}.String()
	if list == "" {
		return one
	}
	return list + " " + one
}

// ParseSet reads a list of ranges such as "0-5460 7000".
func ParseSet(list string) (set Set, err error) {
	for text := range strings.FieldsSeq(list) {
		r, err := ParseRange(text)
		if err != nil {
			return Set{}, err
		}
		set.AddRange(r)
	}
	return set, nil
}
