package repl

import (
	"fmt"
	"strconv"
	"strings"

	"clusterplay/node/resp"
)

// Format prints a reply as redis-cli does on a terminal; the last line ends with a newline.
func Format(v resp.Value) string {
	var b strings.Builder
	formatTTY(&b, v, "")
	return b.String()
}

// FormatRaw prints a reply as redis-cli does into a pipe, without a newline after the last line
// except that of an error.
func FormatRaw(v resp.Value) string {
	var b strings.Builder
	formatRaw(&b, v, "\n")
	return b.String()
}

// formatTTY writes v; indent is what stands before each further line.
func formatTTY(b *strings.Builder, v resp.Value, indent string) {
	switch v.Kind {
	case resp.KindError, resp.KindBlobError:
		b.WriteString("(error) " + v.Text)
	case resp.KindInt:
		fmt.Fprintf(b, "(integer) %d", v.Int)
	case resp.KindDouble:
		b.WriteString("(double) " + v.Text)
	case resp.KindBool:
		b.WriteString(boolText(v))
	case resp.KindNull:
		b.WriteString("(nil)")
	case resp.KindBulk:
		b.WriteString(Quote(v.Text))
	case resp.KindArray, resp.KindMap, resp.KindSet, resp.KindPush:
		formatList(b, v, indent)
		return
	default:
		b.WriteString(v.Text)
	}
	b.WriteByte('\n')
}

// lists are the marks of the kinds of reply that have elements.
var lists = map[resp.Kind]struct{ mark, empty string }{
	resp.KindArray: {")", "(empty array)\n"},
	resp.KindMap:   {"#", "(empty hash)\n"},
	resp.KindSet:   {"~", "(empty set)\n"},
	resp.KindPush:  {")", "(empty push)\n"},
}

// formatList writes numbered elements; the numbers of one list are right-aligned.
func formatList(b *strings.Builder, v resp.Value, indent string) {
	kind, step := lists[v.Kind], 1
	if len(v.List) == 0 {
		b.WriteString(kind.empty)
		return
	}
	if v.Kind == resp.KindMap {
		step = 2
	}
	width := len(strconv.Itoa(len(v.List) / step))
	inner := indent + strings.Repeat(" ", width+2)
	for i := 0; i+step <= len(v.List); i += step {
		if i > 0 {
			b.WriteString(indent)
		}
		fmt.Fprintf(b, "%*d%s ", width, i/step+1, kind.mark)
		if step == 2 {
			formatPair(b, v.List[i], v.List[i+1], inner)
		} else {
			formatTTY(b, v.List[i], inner)
		}
	}
}

// formatPair writes a map's key and value; a value of several lines begins on one of its own.
func formatPair(b *strings.Builder, key, value resp.Value, indent string) {
	var k, v strings.Builder
	formatTTY(&k, key, indent)
	formatTTY(&v, value, indent)
	b.WriteString(strings.TrimSuffix(k.String(), "\n") + " => ")
	if strings.Count(v.String(), "\n") > 1 {
		b.WriteString("\n" + indent)
	}
	b.WriteString(v.String())
}

// formatRaw writes v without quotes and numbers; between stands between elements.
func formatRaw(b *strings.Builder, v resp.Value, between string) {
	switch v.Kind {
	case resp.KindNull:
	case resp.KindInt:
		b.WriteString(strconv.FormatInt(v.Int, 10))
	case resp.KindBool:
		b.WriteString(boolText(v))
	case resp.KindError, resp.KindBlobError:
		b.WriteString(v.Text + "\n")
	case resp.KindArray, resp.KindSet, resp.KindPush:
		for i, e := range v.List {
			if i > 0 {
				b.WriteString(between)
			}
			formatRaw(b, e, between)
		}
	case resp.KindMap:
		for i := 0; i+1 < len(v.List); i += 2 {
			if i > 0 {
				b.WriteString(between)
			}
			formatRaw(b, v.List[i], between)
			b.WriteByte(' ')
			formatRaw(b, v.List[i+1], between)
		}
	default:
		b.WriteString(v.Text)
	}
}

func boolText(v resp.Value) string {
	if v.Int != 0 {
		return "(true)"
	}
	return "(false)"
}

// escapes are the bytes that have a letter of their own (sdscatrepr).
var escapes = map[byte]string{
	'\\': `\\`, '"': `\"`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\a': `\a`, '\b': `\b`,
}

// Quote writes a string in quotes, its unprintable bytes escaped, as redis-cli shows it and reads
// it again.
func Quote(s string) string {
	b := make([]byte, 0, len(s)+2)
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		c := s[i]
		esc, ok := escapes[c]
		switch {
		case ok:
			b = append(b, esc...)
		case c < ' ' || c > '~':
			b = fmt.Appendf(b, `\x%02x`, c)
		default:
			b = append(b, c)
		}
	}
	return string(append(b, '"'))
}
