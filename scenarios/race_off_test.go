//go:build !race

package scenarios

// detour is 1: nothing watches memory.
const detour = 1
