// Package replication decides, for one node, what history its data has and who follows whom: it is
// both ends of PSYNC, deterministic and without I/O.
//
// A history is a replication id and an offset: "the data set after byte N of the stream called X".
// A master appends every change to its stream and each replica keeps a cursor into it; a replica
// applies the stream it receives and keeps the same bytes, so that it can serve replicas of its
// own under the same name and take over where the master stopped.
//
// The server calls the doors (Connected, Receive, Hangup, Cron, BeforeSleep), hands over the
// replication commands of its clients (Replconf, Psync, ReplicaOf, Role) and the effects of what
// it executed (Feed), and implements Host.
package replication
