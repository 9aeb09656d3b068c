package playground

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// fillers are words that make a command read well and mean nothing.
var fillers = map[string]bool{"from": true, "to": true, "of": true}

// Parse makes an action from the words of a command line: arguments in their order, or anywhere
// as --name VALUE. Names are matched without their case and hyphens.
func Parse(name string, words []string) (Action, error) {
	spec, err := specOf(name)
	if err != nil {
		return nil, err
	}
	p := parser{spec: spec, given: map[string]any{}}
	for len(words) > 0 {
		if words, err = p.take(words); err != nil {
			return nil, err
		}
	}
	body, err := json.Marshal(p.given)
	if err != nil {
		return nil, wrong("", spec.usage(), "%v", err)
	}
	return Decode(name, body)
}

// parser gathers the arguments of one command line as the JSON object that Decode reads.
type parser struct {
	spec  Spec
	given map[string]any
}

// take uses up the next word or words.
func (p *parser) take(words []string) ([]string, error) {
	word := words[0]
	if name, ok := strings.CutPrefix(word, "--"); ok {
		return p.takeNamed(name, words[1:])
	}
	a, ok := p.open()
	if a.Kind != KindText && fillers[word] && len(words) > 1 {
		return words[1:], nil
	}
	if !ok {
		return nil, wrong("", p.spec.usage(), "%s does not take %q", p.spec.Verb, word)
	}
	return p.takeValue(a, words)
}

// open is the first argument in order that has no value yet.
func (p *parser) open() (Arg, bool) {
	for _, a := range p.spec.Args {
		_, given := p.given[a.Name]
		if a.Kind == KindSlots {
			_, counted := p.given["count"]
			given = given || counted // how many stands where which would stand
		}
		if !given && a.Kind != KindFlag && !a.Named {
			return a, true
		}
	}
	return Arg{}, false
}

// takeNamed is --name VALUE, --name=VALUE or a flag.
func (p *parser) takeNamed(name string, rest []string) ([]string, error) {
	name, value, inline := strings.Cut(name, "=")
	for _, a := range p.spec.Args {
		if !sameName(a.Name, name) {
			continue
		}
		switch {
		case a.Kind == KindFlag:
			p.given[a.Name] = true
			return rest, nil
		case inline && a.Kind == KindSlots:
			p.given[a.Name] = value
			return rest, nil
		case inline:
			_, err := p.takeValue(a, []string{value})
			return rest, err
		case len(rest) == 0:
			return nil, wrong(a.Name, p.spec.usage(), "--%s needs a value", name)
		case a.Kind == KindSlots: // by its name it says which, never how many
			p.given[a.Name] = rest[0]
			return rest[1:], nil
		}
		return p.takeValue(a, rest)
	}
	return nil, wrong(name, p.spec.usage(), "%s has no argument --%s", p.spec.Verb, name)
}

// sameName compares oneWay with one-way, and delayMs with delay.
func sameName(arg, typed string) bool {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "-", "")) }
	return plain(arg) == plain(typed) || plain(strings.TrimSuffix(arg, "Ms")) == plain(typed)
}

// takeValue reads the value of one argument from the beginning of words.
func (p *parser) takeValue(a Arg, words []string) ([]string, error) {
	word, rest := words[0], words[1:]
	switch a.Kind {
	case KindText:
		p.given[a.Name] = strings.Join(words, " ")
		return nil, nil
	case KindGroups:
		return p.takeGroups(a, words)
	case KindInt, KindFloat:
		return rest, p.number(a, word)
	case KindMillis:
		return rest, p.millis(a, word)
	case KindSlots:
		return rest, p.slots(a, word)
	case KindNode:
		if from, to, ok := strings.Cut(word, "->"); ok && a.Name == "from" {
			p.given["from"], p.given["to"] = from, to
			return rest, nil
		}
		if len(rest) > 0 && numbersRole(word, rest[0]) {
			word, rest = word+" "+rest[0], rest[1:]
		}
	}
	p.given[a.Name] = word
	return rest, nil
}

// numbersRole tells whether a word says which of those with a role is meant: "replica 2". More than 99
// have their ports.
func numbersRole(word, next string) bool {
	_, _, ok := readRole(word + " " + next)
	return ok && len(next) <= 2
}

func (p *parser) number(a Arg, word string) error {
	if a.Name == "rate" && word == "off" {
		word = "0"
	}
	f, err := strconv.ParseFloat(strings.TrimSuffix(word, "x"), 64)
	whole := f == math.Trunc(f) && math.Abs(f) < 1<<53
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || (a.Kind == KindInt && !whole) {
		return wrong(a.Name, p.spec.usage(), "%s must be a number, not %q", a.Name, word)
	}
	if a.Kind == KindInt {
		p.given[a.Name] = int64(f)
		return nil
	}
	p.given[a.Name] = f
	return nil
}

// millis reads 200, 200ms, 1.5s, and 200ms~50ms for a delay and its jitter.
func (p *parser) millis(a Arg, word string) error {
	word, jitter, both := strings.Cut(word, "~")
	ms, ok := duration(word)
	if !ok {
		return wrong(a.Name, "such as 200ms or 1.5s", "%q is not a time", word)
	}
	p.given[a.Name] = ms
	if !both {
		return nil
	}
	if p.given["jitterMs"], ok = duration(jitter); !ok || a.Name != "delayMs" {
		return wrong(a.Name, "such as 200ms~50ms", "%q is not a time", jitter)
	}
	return nil
}

func duration(word string) (int64, bool) {
	if n, err := strconv.ParseInt(word, 10, 32); err == nil {
		return n, n >= 0
	}
	d, err := time.ParseDuration(word)
	return d.Milliseconds(), err == nil && d >= 0
}

// slots reads a plain number as how many, anything else as which.
func (p *parser) slots(a Arg, word string) error {
	if n, err := strconv.Atoi(word); err == nil {
		p.given["count"] = n
		return nil
	}
	if old, ok := p.given[a.Name].(string); ok {
		word = old + "," + word
	}
	p.given[a.Name] = word
	return nil
}

// takeGroups reads lists of nodes up to the next --flag: commas join, spaces and / part.
func (p *parser) takeGroups(a Arg, words []string) ([]string, error) {
	var groups [][]string
	for len(words) > 0 && !strings.HasPrefix(words[0], "--") {
		for _, part := range strings.Split(words[0], "/") {
			if part != "" {
				groups = append(groups, strings.Split(part, ","))
			}
		}
		words = words[1:]
	}
	p.given[a.Name] = groups
	return words, nil
}

// ctl begins the command lines of actions.
const ctl = "playground ctl "

// CommandLine is an action as a person would type it.
func CommandLine(a Action) string {
	text := ctl + a.Verb()
	spec, err := specOf(a.Verb())
	body, err2 := json.Marshal(a)
	given := map[string]any{}
	if err != nil || err2 != nil || json.Unmarshal(body, &given) != nil {
		return text
	}
	ordered := true // no argument was left out so far
	for _, arg := range spec.Args {
		word, there := wordFor(arg, given)
		if _, err := strconv.Atoi(word); err == nil && arg.Kind == KindSlots && given[arg.Name] != nil {
			ordered = false // a single slot is written with its name, lest it be taken for a number of slots
		}
		if arg.Name == "count" && spec.Verb == (MoveSlots{}).Verb() {
			continue // stands in the place of slots
		}
		switch {
		case !there:
			ordered = ordered && (arg.Kind == KindFlag || arg.Named)
		case arg.Kind == KindFlag:
			text += " --" + kebab(arg.Name)
		case ordered && !arg.Named:
			text += " " + word
		default:
			text += " --" + kebab(strings.TrimSuffix(arg.Name, "Ms")) + " " + word
		}
	}
	return text
}

// wordFor writes the value of one argument; false when it has none.
func wordFor(arg Arg, given map[string]any) (string, bool) {
	switch v := given[arg.Name].(type) {
	case string:
		return v, v != ""
	case bool:
		return "", v
	case float64:
		unit := ""
		if arg.Kind == KindMillis {
			unit = "ms"
		}
		return strconv.FormatFloat(v, 'f', -1, 64) + unit, true
	case []any:
		return groupWords(v), true
	}
	if n, ok := given["count"].(float64); ok && arg.Kind == KindSlots {
		return strconv.FormatFloat(n, 'f', -1, 64), true
	}
	return "", false
}

func groupWords(groups []any) string {
	var parts []string
	for _, g := range groups {
		var names []string
		list, _ := g.([]any)
		for _, n := range list {
			name, _ := n.(string)
			names = append(names, name)
		}
		parts = append(parts, strings.Join(names, ","))
	}
	return strings.Join(parts, " / ")
}
