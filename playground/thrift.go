package playground

import (
	"os"
	"runtime/debug"
)

// formingGarbage is GOGC while more than fewNodes find each other. They keep what they learn and use packets again, so
// that there is little garbage: collecting more often costs little time then, and saves as much again as what lives.
// Of fifty it saves a tenth, at the peak and for good: what they keep does not come to lie between what dies.
const formingGarbage, fewNodes = 30, 20

// thrifty has garbage collected often while so many nodes form, until the function that it returns is called. Whoever
// else decides of that meanwhile (garbage.Govern, GOGC) has the last word.
func thrifty(nodes int) (end func()) {
	if nodes <= fewNodes || os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(formingGarbage)
	return func() {
		if now := debug.SetGCPercent(before); now != formingGarbage {
			debug.SetGCPercent(now)
		}
	}
}
