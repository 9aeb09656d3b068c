package scenarios

import (
	"fmt"
	"slices"
	"strings"

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

// lessonVerb describes one of the lesson's own verbs, for help and lint.
type lessonVerb struct {
	name, args, help string
	run              func(r *Runner, f *fenceRun, words []string) error
}

func lessonVerbs() []lessonVerb {
	return []lessonVerb{
		{verbWait, "CONDITION [within 10s]", "go on when the condition holds", (*Runner).wait},
		{verbExpect, "CONDITION", "fail unless the condition holds now", (*Runner).expect},
		{verbFocus, "NODE...", "light these nodes on the stage", (*Runner).focus},
		{verbShow, "PANEL", "open a panel of the page", (*Runner).show},
		{verbCaption, "TEXT", "show a sentence below the stage", (*Runner).caption},
	}
}

// checkPlayLine holds one line of a play fence against the verbs there are, without running it.
func checkPlayLine(line string) error {
	words := playWords(line)
	if len(words) == 0 {
		return nil
	}
	verb, args := words[0], words[1:]
	if verb == "!" {
		if len(args) == 0 {
			return fmt.Errorf("! needs a verb to negate")
		}
		verb, args = args[0], args[1:]
	}
	switch verb {
	case verbWait, verbExpect:
		_, _, err := parseWait(args)
		return err
	case verbFocus, verbShow, verbCaption:
		if len(args) == 0 {
			return fmt.Errorf("%s needs an argument", verb)
		}
		return nil
	}
	_, err := playground.Parse(verb, args)
	if err != nil {
		return fmt.Errorf("%s: %w; %s", verb, err, knownVerbs())
	}
	return nil
}

// playWords splits a line as the play engine does, as far as checking needs: comments end it.
func playWords(line string) []string {
	words := strings.Fields(line)
	if i := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "#") }); i >= 0 {
		words = words[:i]
	}
	return words
}

// knownVerbs lists every verb of a play fence.
func knownVerbs() string {
	names := []string{verbWait, verbExpect, verbFocus, verbShow, verbCaption}
	for _, spec := range playground.Verbs() {
		names = append(names, spec.Verb)
	}
	slices.Sort(names)
	return "the verbs are " + strings.Join(names, ", ")
}
