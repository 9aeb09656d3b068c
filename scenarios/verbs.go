package scenarios

import (
	"slices"
	"strings"
	"time"

	"clusterplay/playground"
)

// The verbs of a play fence that are the lesson's own. All others are the lab's actions.
const (
	verbWait    = "wait"    // wait CONDITION [within 10s]: go on when it holds
	verbExpect  = "expect"  // expect CONDITION: it must hold now
	verbFocus   = "focus"   // focus 7001 7004: light these nodes
	verbShow    = "show"    // show slots: open a panel
	verbCaption = "caption" // caption TEXT: a sentence below the stage
)

// Panels are what show can open.
var Panels = []string{"stage", "node", "beliefs", "network", "slots", "load", "bytes", "replication", "sentinels", "metrics", "story", "terminal"}

// deed is one line of a play fence, read and checked.
type deed struct {
	not    bool // ! VERB: it must not succeed
	verb   string
	words  []word // after the verb
	column int    // of the verb

	action    playground.Action // nil for the lesson's own verbs
	condition condition         // wait and expect
	within    time.Duration     // wait
}

// readDeed reads one line. An empty line or a comment is no deed.
func readDeed(line string) (*deed, *fault) {
	words, wrong := splitWords(line)
	if wrong != nil || len(words) == 0 {
		return nil, wrong
	}
	d := &deed{}
	if words[0].text == "!" {
		if len(words) == 1 {
			return nil, wrongAt(words[0].column, "! expect fail 7001", "! needs a verb to negate")
		}
		d.not, words = true, words[1:]
	}
	d.verb, d.column, d.words = words[0].text, words[0].column, words[1:]
	if wrong := refuseShell(words); wrong != nil {
		return nil, wrong
	}
	return d, d.read()
}

// refuseShell names what other script languages have and lessons do not.
func refuseShell(words []word) *fault {
	first, last := words[0], words[len(words)-1]
	switch {
	case strings.HasPrefix(first.text, "["):
		return wrongAt(first.column, "wait or expect a condition instead", "a line cannot begin with a condition in brackets")
	case last.text == "&":
		return wrongAt(last.column, "leave the & out", "lines follow one another; none runs in the background")
	case first.text == "?" || first.text == "!":
		return wrongAt(first.column, "! VERB for what must not succeed", "%s stands before a verb only once", first.text)
	}
	return nil
}

// read understands the words after the verb.
func (d *deed) read() *fault {
	args := texts(d.words)
	var err error
	switch d.verb {
	case verbWait:
		d.condition, d.within, err = parseWait(args)
	case verbExpect:
		d.condition, err = parseCondition(args)
	case verbFocus, verbCaption:
		if len(args) == 0 {
			return wrongAt(d.column, map[string]string{verbFocus: "focus 7001 7004", verbCaption: `caption "What happens now"`}[d.verb], "%s needs an argument", d.verb)
		}
	case verbShow:
		if len(args) != 1 || !slices.Contains(Panels, args[0]) {
			return wrongAt(d.argColumn(), "show one of "+strings.Join(Panels, ", "), "there is no panel %q", strings.Join(args, " "))
		}
	default:
		return d.readAction(args)
	}
	if err != nil {
		message, hint, _ := strings.Cut(err.Error(), "; ")
		return wrongAt(d.argColumn(), hint, "%s", message)
	}
	return d.negated()
}

// negated refuses ! before what cannot fail.
func (d *deed) negated() *fault {
	if d.not && d.verb != verbWait && d.verb != verbExpect {
		return wrongAt(d.column, "! before wait, expect or an action", "%s cannot fail", d.verb)
	}
	return nil
}

func (d *deed) readAction(args []string) *fault {
	if !slices.Contains(verbNames(), d.verb) {
		hint := "the verbs are " + strings.Join(verbNames(), ", ")
		if near := nearest(d.verb, verbNames()); near != "" {
			hint = near + "; " + hint
		}
		return wrongAt(d.column, hint, "%s is not a verb", d.verb)
	}
	action, err := playground.Parse(d.verb, args)
	if err != nil {
		e := playground.AsError(err)
		return wrongAt(d.argColumn(), e.Hint, "%s: %s", d.verb, e.Message)
	}
	d.action = action
	return nil
}

// argColumn is where the arguments begin.
func (d *deed) argColumn() int {
	if len(d.words) > 0 {
		return d.words[0].column
	}
	return d.column
}

// verbNames are all verbs of a play fence.
func verbNames() []string {
	names := []string{verbWait, verbExpect, verbFocus, verbShow, verbCaption}
	for _, spec := range playground.Verbs() {
		names = append(names, spec.Verb)
	}
	slices.Sort(names)
	return names
}

// nearest is the name that differs from a mistyped one by no more than two letters.
func nearest(typed string, names []string) string {
	best, least := "", 3
	for _, name := range names {
		if d := distance(typed, name); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance counts the letters to add, drop or change; long words are not worth it.
func distance(a, b string) int {
	if max(len(a), len(b)) > 32 {
		return 32
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
