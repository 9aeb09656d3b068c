// Package cluster decides, for one node, who owns each slot and who is alive. It is the Redis
// Cluster protocol of Redis 7.0 as a deterministic machine: links, packets and time come in
// through its doors, and everything it wants done comes back in a Todo.
package cluster
