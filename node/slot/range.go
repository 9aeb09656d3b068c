package slot

import (
	"errors"
	"strconv"
	"strings"
)

// Range is the slots from First to Last, both included.
type Range struct {
	First Slot `json:"first"`
	Last  Slot `json:"last"`
}

// The ways in which a slot or a range can be misspelt.
var (
	ErrInvalid  = errors.New("invalid or out of range slot")
	ErrReversed = errors.New("start slot number is greater than end slot number")
)

// Len is the number of slots in the range.
func (r Range) Len() int { return int(r.Last) - int(r.First) + 1 }

// String is the range as CLUSTER NODES prints it: "0-5460", or "7" for a single slot.
func (r Range) String() string { return string(r.Append(nil)) }

// Append appends what String returns to dst.
func (r Range) Append(dst []byte) []byte {
	dst = strconv.AppendUint(dst, uint64(r.First), 10)
	if r.First != r.Last {
		dst = append(dst, '-')
		dst = strconv.AppendUint(dst, uint64(r.Last), 10)
	}
	return dst
}

// Parse reads a slot number as Redis reads an integer argument: no sign but '-', no leading zero,
// no space.
func Parse(text string) (Slot, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n >= Count || text[0] == '+' || (text[0] == '0' && len(text) > 1) {
		return 0, ErrInvalid
	}
	return Slot(n), nil
}

// ParseRange reads "5" or "0-5460".
func ParseRange(text string) (Range, error) {
	first, last, found := strings.Cut(text, "-")
	if !found {
		last = first
	}
	a, err := Parse(first)
	if err != nil {
		return Range{}, err
	}
	b, err := Parse(last)
	if err != nil {
		return Range{}, err
	}
	if a > b {
		return Range{}, ErrReversed
	}
	return Range{First: a, Last: b}, nil
}
