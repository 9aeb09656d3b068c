package session

import (
	"fmt"
	"strconv"
	"strings"
)

// Info collects the "name:value" lines of INFO. The zero Info is empty.
type Info struct{ strings.Builder }

// Section begins a part, with an empty line before all but the first.
func (b *Info) Section(name string) {
	if b.Len() > 0 {
		b.WriteString("\r\n")
	}
	b.WriteString("# " + name + "\r\n")
}

// Field adds one line.
func (b *Info) Field(name string, value any) {
	b.WriteString(name)
	b.WriteByte(':')
	switch v := value.(type) {
	case string:
		b.WriteString(v)
	case int:
		b.whole(int64(v))
	case int64:
		b.whole(v)
	default:
		fmt.Fprint(b, v)
	}
	b.WriteString("\r\n")
}

func (b *Info) whole(n int64) {
	var digits [20]byte // -9223372036854775808
	b.Write(strconv.AppendInt(digits[:0], n, 10))
}

// Zeros adds lines whose value is always 0 here.
func (b *Info) Zeros(names ...string) {
	for _, name := range names {
		b.Field(name, 0)
	}
}

// Flag adds a line with 1 or 0.
func (b *Info) Flag(name string, on bool) {
	if on {
		b.Field(name, 1)
		return
	}
	b.Field(name, 0)
}
