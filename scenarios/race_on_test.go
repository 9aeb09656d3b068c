//go:build race

package scenarios

// detour is how much dearer the race detector may make time and memory.
const detour = 10
