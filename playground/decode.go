package playground

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// maxBody bounds the JSON of one action: the groups of a thousand nodes fit ten times.
const maxBody = 64 << 10

// Decode makes an action from the JSON object with its arguments. Unknown arguments are errors.
func Decode(name string, body []byte) (Action, error) {
	spec, err := specOf(name)
	if err != nil {
		return nil, err
	}
	if len(body) > maxBody {
		return nil, wrong("", "", "the arguments have %d bytes, more than %d", len(body), maxBody)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	given := map[string]json.RawMessage{}
	if err := json.Unmarshal(body, &given); err != nil {
		return nil, wrong("", spec.usage(), "the arguments are not a JSON object: %v", err)
	}
	action := spec.fresh()
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(action); err != nil {
		return nil, badArgument(spec, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, wrong("", spec.usage(), "something follows the arguments")
	}
	if err := spec.complete(given); err != nil {
		return nil, err
	}
	return reflect.ValueOf(action).Elem().Interface().(Action), nil
}

// complete refuses arguments that leave out a required one, and a 0 that would not be obeyed.
func (s Spec) complete(given map[string]json.RawMessage) error {
	for _, a := range s.Args {
		value, there := given[a.Name]
		if n, err := strconv.ParseFloat(string(value), 64); a.some && err == nil && n == 0 {
			return wrong(a.Name, "more than 0, or leave it out", "%s cannot be 0", a.Name)
		}
		if a.Kind == KindSlots {
			_, count := given["count"]
			there = there || count
		}
		if a.Required && !there {
			return wrong(a.Name, s.usage(), "%s is missing: %s", a.Name, a.Help)
		}
	}
	return nil
}

// badArgument names the argument that could not be decoded.
func badArgument(spec Spec, err error) *Error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return wrong(kind.Field, spec.usage(), "%s cannot be a %s", kind.Field, kind.Value)
	}
	text := strings.TrimPrefix(err.Error(), "json: ")
	if field, ok := strings.CutPrefix(text, "unknown field "); ok {
		field = strings.Trim(field, `"`)
		return wrong(field, spec.usage(), "%s has no argument %q", spec.Verb, field)
	}
	return wrong("", spec.usage(), "%s", text)
}

// usage is how a verb is written on a command line.
func (s Spec) usage() string {
	text := s.Verb
	for _, a := range s.Args {
		name := strings.ToUpper(a.Name)
		switch {
		case a.Kind == KindFlag:
			text += " [--" + kebab(a.Name) + "]"
		case a.Required:
			text += " " + name
		default:
			text += " [" + name + "]"
		}
	}
	return text
}

// kebab writes oneWay as one-way.
func kebab(name string) string {
	var b strings.Builder
	for _, c := range name {
		if c >= 'A' && c <= 'Z' {
			b.WriteByte('-')
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}
