package playground

import (
	"os"
	"runtime/debug"
)

// formingGarbage is GOGC while many nodes find each other. They keep what they learn and use packets again, so that
// there is little garbage: collecting more often costs little time then, and saves as much again as what lives.
const formingGarbage = 30

// thrifty has garbage collected often while so many nodes form, until the function that it returns is called. Whoever
// else decides of that meanwhile (garbage.Govern, GOGC) has the last word.
func thrifty(nodes int) (end func()) {
	if nodes <= manyNodes || os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(formingGarbage)
	return func() {
		if now := debug.SetGCPercent(before); now != formingGarbage {
			debug.SetGCPercent(now)
		}
	}
}
