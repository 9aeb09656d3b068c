// Package invariant knows what must hold in a cluster whatever goes wrong, and says when it does
// not. A Checker is told everything that happens: events, packets, and each node's view after
// each step. It never asks and changes nothing.
//
// The numbers are those of the list of invariants: 1 to 28 speak of cluster metadata. What sounds
// natural and is false ("one writable master per slot at any instant", "an acknowledged write
// survives") is not here.
package invariant
