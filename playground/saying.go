package playground

import (
	"fmt"

	"clusterplay/node/event"
	"clusterplay/playground/words"
)

// Saying is a sentence that can be said in any language: its id in the catalogue and its arguments.
// The zero Saying says nothing.
type Saying struct {
	ID   string     `json:"id,omitempty"`
	Args words.Args `json:"args,omitempty"`
}

var nothing Saying

// say makes a Saying of the captions; arguments come in pairs.
func say(id string, pairs ...string) Saying {
	s := Saying{ID: "caption." + id, Args: words.Args{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		s.Args[pairs[i]] = oneLine(pairs[i+1])
	}
	return s
}

// English is the sentence in English; empty for nothing.
func (s Saying) English() string {
	if s.ID == "" {
		return ""
	}
	return words.In("en").Say(s.ID, s.Args)
}

// because refers to the words for a reason code.
func because(r event.Reason) string { return "@reason." + string(r) }

// number writes any integer.
func number[N ~int | ~int64 | ~uint16 | ~uint64](n N) string { return fmt.Sprint(n) }
