package session

import (
	"fmt"
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
func (b *Info) Field(name string, value any) { fmt.Fprintf(b, "%s:%v\r\n", name, value) }

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
