//go:build !race

package world

// raceEnabled tells that the race detector watches.
const raceEnabled = false
