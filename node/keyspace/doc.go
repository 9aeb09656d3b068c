// Package keyspace holds a node's data: databases of keys, their values and expiry times, the
// keys of each slot, and snapshots taken a piece at a time.
package keyspace
