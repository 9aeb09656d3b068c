// Package server is the Redis server machine: one node's commands, clients, data, replication
// and cluster membership behind the doors of package machine.
package server
