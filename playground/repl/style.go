package repl

import (
	"fmt"
	"strconv"
	"strings"

	"clusterplay/node/resp"
)

// Style is a way to print replies.
type Style int

// The styles of redis-cli.
const (
	Terminal   Style = iota // with types, numbers and quotes, as on a terminal
	Raw                     // as into a pipe
	CSV                     // --csv
	JSON                    // --json
	QuotedJSON              // --quoted-json
)

// print formats a reply for the command that it answers.
func (s *Session) print(args []string, v resp.Value) string {
	var b strings.Builder
	switch {
	case prose(args):
		formatRaw(&b, v, s.inner())
		return b.String()
	case s.Style == Raw:
		formatRaw(&b, v, s.inner())
		return b.String() + orNewline(s.After)
	case s.Style == CSV:
		formatCSV(&b, v)
		return b.String() + "\n"
	case s.Style == JSON, s.Style == QuotedJSON:
		formatJSON(&b, v, s.Style == QuotedJSON)
		return b.String() + "\n"
	}
	return Format(v)
}

func (s *Session) inner() string { return orNewline(s.Between) }

func orNewline(delimiter *string) string {
	if delimiter == nil {
		return "\n"
	}
	return *delimiter
}

// formatCSV writes v as one line; what is nested is flattened.
func formatCSV(b *strings.Builder, v resp.Value) {
	switch v.Kind {
	case resp.KindError, resp.KindBlobError:
		b.WriteString("ERROR," + Quote(v.Text))
	case resp.KindInt:
		b.WriteString(strconv.FormatInt(v.Int, 10))
	case resp.KindDouble:
		b.WriteString(v.Text)
	case resp.KindNull:
		b.WriteString("NULL")
	case resp.KindBool:
		b.WriteString(strconv.FormatBool(v.Int != 0))
	case resp.KindArray, resp.KindMap, resp.KindSet, resp.KindPush:
		for i, e := range v.List {
			if i > 0 {
				b.WriteByte(',')
			}
			formatCSV(b, e)
		}
	default:
		b.WriteString(Quote(v.Text))
	}
}

// formatJSON writes v as JSON, as far as redis-cli does: an error is none.
func formatJSON(b *strings.Builder, v resp.Value, ascii bool) {
	switch v.Kind {
	case resp.KindError, resp.KindBlobError:
		b.WriteString("error:" + jsonString(v.Text, ascii))
	case resp.KindInt:
		b.WriteString(strconv.FormatInt(v.Int, 10))
	case resp.KindDouble:
		b.WriteString(v.Text)
	case resp.KindNull:
		b.WriteString("null")
	case resp.KindBool:
		b.WriteString(strconv.FormatBool(v.Int != 0))
	case resp.KindMap:
		jsonMap(b, v, ascii)
	case resp.KindArray, resp.KindSet, resp.KindPush:
		b.WriteByte('[')
		for i, e := range v.List {
			if i > 0 {
				b.WriteByte(',')
			}
			formatJSON(b, e, ascii)
		}
		b.WriteByte(']')
	default:
		b.WriteString(jsonString(v.Text, ascii))
	}
}

// jsonMap writes an object; a key that is no text becomes one.
func jsonMap(b *strings.Builder, v resp.Value, ascii bool) {
	b.WriteByte('{')
	for i := 0; i+1 < len(v.List); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		var key strings.Builder
		formatJSON(&key, v.List[i], ascii)
		if text := key.String(); strings.HasPrefix(text, `"`) {
			b.WriteString(text)
		} else {
			b.WriteString(`"` + text + `"`)
		}
		b.WriteByte(':')
		formatJSON(b, v.List[i+1], ascii)
	}
	b.WriteByte('}')
}

// jsonEscapes are the bytes that have a letter of their own in JSON.
var jsonEscapes = map[byte]string{'\\': `\\`, '"': `\"`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\f': `\f`, '\b': `\b`}

// jsonString quotes text. Bytes that are no Unicode stay as they are; with ascii they are written
// as redis-cli quotes them, whose backslashes are escaped once more.
func jsonString(text string, ascii bool) string {
	if ascii {
		quoted := Quote(text)
		return `"` + strings.ReplaceAll(quoted[1:len(quoted)-1], `\`, `\\`) + `"`
	}
	b := []byte{'"'}
	for _, c := range []byte(text) {
		escaped, ok := jsonEscapes[c]
		switch {
		case ok:
			b = append(b, escaped...)
		case c < ' ':
			b = fmt.Appendf(b, `\u%04x`, c)
		default:
			b = append(b, c)
		}
	}
	return string(append(b, '"'))
}
