package main_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"clusterplay/node/resp"
)

// argument is a part of a command's syntax as redis-server's COMMAND DOCS tells it.
type argument struct {
	name, kind, token            string
	optional, multiple, perToken bool
	parts                        []argument
}

// syntax is a command and its arguments.
type syntax struct {
	words []string // the command, and the subcommand if it is one
	args  []argument
}

// families are the groups of commands that are compared.
var families = []string{"generic", "string", "list", "set", "sorted-set", "hash", "transactions"}

// apart are commands of those families that cannot be compared one by one: they block, they tell
// the time, a cursor or bytes of an encoding, or they need another server.
var apart = []string{
	"blpop", "brpop", "brpoplpush", "blmove", "blmpop", "bzpopmin", "bzpopmax", "bzmpop",
	"scan", "sscan", "hscan", "zscan", "wait", "migrate", "dump", "restore", "touch", "object idletime", "object freq", "object refcount", "object help",
	"multi", "exec", "discard", // the test gives these itself
}

// also are commands of other families that are worth comparing.
var also = []syntax{
	{words: []string{"DBSIZE"}}, {words: []string{"PING"}, args: []argument{{kind: "string", optional: true}}},
	{words: []string{"ECHO"}, args: []argument{{kind: "string"}}},
	{words: []string{"SELECT"}, args: []argument{{name: "index", kind: "integer"}}},
	{words: []string{"CLUSTER", "KEYSLOT"}, args: []argument{{kind: "key"}}},
	{words: []string{"COMMAND", "GETKEYS", "MSET"}, args: []argument{{kind: "key", multiple: true}}},
}

// grammar is the syntax of all commands of the families that ours knows, as the real server
// documents it, sorted by name.
func grammar(t *testing.T, real, ours port) []syntax {
	t.Helper()
	var known []string
	for _, v := range ours.do(t, "COMMAND", "LIST").List {
		known = append(known, v.Text)
	}
	var list []syntax
	docs := real.do(t, "COMMAND", "DOCS").List
	for i := 0; i+1 < len(docs); i += 2 {
		name, doc := docs[i].Text, docs[i+1]
		if group, _ := doc.Get("group"); !slices.Contains(families, group.Text) || !slices.Contains(known, name) {
			continue
		}
		list = append(list, variants(name, doc)...)
	}
	list = slices.DeleteFunc(list, func(s syntax) bool {
		return slices.Contains(apart, strings.ToLower(strings.Join(s.words, " ")))
	})
	slices.SortFunc(list, func(a, b syntax) int { return slices.Compare(a.words, b.words) })
	return append(list, also...)
}

// variants is a command, or its subcommands.
func variants(name string, doc resp.Value) []syntax {
	subs, ok := doc.Get("subcommands")
	if !ok {
		args, _ := doc.Get("arguments")
		return []syntax{{words: []string{name}, args: argumentsOf(args)}}
	}
	var list []syntax
	for i := 0; i+1 < len(subs.List); i += 2 {
		args, _ := subs.List[i+1].Get("arguments")
		list = append(list, syntax{words: strings.Split(subs.List[i].Text, "|"), args: argumentsOf(args)})
	}
	return list
}

func argumentsOf(v resp.Value) []argument {
	var list []argument
	for _, one := range v.List {
		text := func(key string) string { v, _ := one.Get(key); return v.Text }
		flags, _ := one.Get("flags")
		a := argument{name: text("name"), kind: text("type"), token: text("token")}
		for _, f := range flags.List {
			a.optional = a.optional || f.Text == "optional"
			a.multiple = a.multiple || f.Text == "multiple"
			a.perToken = a.perToken || f.Text == "multiple_token"
		}
		parts, _ := one.Get("arguments")
		a.parts = argumentsOf(parts)
		list = append(list, a)
	}
	return list
}

// speaker makes commands of a grammar; it draws everything from its own chance.
type speaker struct {
	*rand.Rand
	grammar []syntax
	now     time.Time
}

// timed tells whether a word out of place could become the time that a key has left: some milliseconds
// would not be over at the same time on both sides.
func timed(args []argument) bool {
	return slices.ContainsFunc(args, func(a argument) bool {
		return a.kind == "unix-time" || strings.Contains(a.name, "seconds") || timed(a.parts)
	})
}

// command is the next one: usually right, at times with a word too many, too few or out of place.
func (s *speaker) command() []string {
	one := s.grammar[s.IntN(len(s.grammar))]
	words := slices.Clone(one.words)
	for _, a := range one.args {
		words = append(words, s.draw(a)...)
	}
	if timed(one.args) {
		return words
	}
	if s.IntN(12) == 0 && len(words) > len(one.words) {
		at := len(one.words) + s.IntN(len(words)-len(one.words))
		words[at] = s.value()
	}
	if s.IntN(40) == 0 {
		words = append(words, s.value())
	}
	if s.IntN(40) == 0 && len(words) > len(one.words) {
		words = words[:len(words)-1]
	}
	return words
}

// draw makes the words of one argument. Its count, where the syntax has one, is right more often
// than not: numkeys is drawn as the number 2, and keys that follow are two.
func (s *speaker) draw(a argument) []string {
	if a.optional && s.IntN(3) > 0 {
		return nil
	}
	times := 1
	if a.multiple {
		times = 1 + s.IntN(3)
	}
	if a.name == "numkeys" {
		return []string{strconv.Itoa(1 + s.IntN(2))}
	}
	var words []string
	for i := range times {
		if a.token != "" && (i == 0 || a.perToken) {
			words = append(words, a.token)
		}
		words = append(words, s.one(a)...)
	}
	return words
}

func (s *speaker) one(a argument) []string {
	switch a.kind {
	case "pure-token":
		return nil
	case "oneof":
		return s.draw(a.parts[s.IntN(len(a.parts))])
	case "block":
		var words []string
		for _, part := range a.parts {
			words = append(words, s.draw(part)...)
		}
		return words
	case "key":
		return []string{s.key()}
	case "integer":
		return []string{s.integer(a.name)}
	case "double":
		return []string{s.pick("0", "1", "-2.5", "1e3", "3.0", "inf", "-inf", "nan", "x", "17")}
	case "unix-time":
		return []string{s.moment(a.name)}
	case "pattern":
		return []string{s.pick("*", "{x}*", "?x}1", "[^a]*", "{x}w*", "{x}h*->f")}
	}
	return []string{s.value()}
}

func (s *speaker) pick(words ...string) string { return words[s.IntN(len(words))] }

// key is one of a few, of two slots: commands meet each other's keys, and cross slots at times.
func (s *speaker) key() string {
	if s.IntN(12) == 0 {
		return s.pick("{y}1", "{y}2", "other")
	}
	return s.pick("{x}1", "{x}2", "{x}3", "{x}4", "{x}5", "{x}6", "{x}w1", "{x}h1")
}

func (s *speaker) value() string {
	return s.pick("a", "b", "c", "f", "1", "2", "3", "-1", "10", "3.25", "", "hello", "f1", "f2", "[a", "(1", "-", "+", "+inf",
		strings.Repeat("x", 70), "with space", "\xff\x00\r\n", "9223372036854775807")
}

// integer is small: what lasts for some seconds or fills memory cannot be compared.
func (s *speaker) integer(name string) string {
	switch {
	case strings.Contains(name, "seconds"): // milliseconds too
		return s.pick("1000000", "86400000", "0", "-1", "x", "9223372036854775807")
	case s.IntN(15) == 0:
		return s.pick("x", "1.5", "", "9223372036854775807", "-9223372036854775808", "9223372036854775808")
	}
	return strconv.Itoa(s.IntN(12) - 4)
}

// moment is long past or far ahead.
func (s *speaker) moment(name string) string {
	at := s.now.Add(24 * time.Hour).Unix()
	if strings.Contains(name, "milli") {
		at *= 1000
	}
	return s.pick(strconv.FormatInt(at, 10), strconv.FormatInt(at, 10), "1", "0", "-5", "x")
}

func shown(words []string) string { return fmt.Sprintf("%q", words) }
