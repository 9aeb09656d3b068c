// Package node is the rim: it makes a deterministic server machine live on this computer, with a
// client port, a bus port, dialled links, files and a clock, and lets a lab stand between nodes.
//
// A Node is a place; each Start begins a life in it. One lock per life guards its machine. Input
// is handled on the goroutine where it arrived, which calls the doors and performs the Todo inside the lock
// and writes after it is free. For ordinary clients that is one goroutine, the life's loop; links, replicas,
// and clients where there is no epoll have one each. Nothing waits for a socket under the lock.
// A panic in a door ends that life and no other.
package node
