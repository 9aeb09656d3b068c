// Package alone runs one machine as a process of its own, the way redis-server and redis-sentinel run: from a
// configuration file, on real sockets, with a log in Redis' format, until a signal.
package alone
