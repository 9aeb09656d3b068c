// Package network is what lies between the nodes of a lab: it opens their ports and links, knows
// who is at each end, stamps every frame, and delays, holds, drops or stalls it as its rules say.
//
// A frame waits where it is read: on the goroutine of the link that it came by. So frames of one
// link keep their order, a cut link fills the buffers of its sender as a real partition does, and
// when no rule is set and nobody watches, a frame costs two atomic loads.
package network
