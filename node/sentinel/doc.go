// Package sentinel decides, for one Sentinel, which masters are down, who leads their failover
// and which address clients are told.
//
// A Sentinel is a machine (see package machine): it is told the time, draws from the chance it was
// given at birth, and asks for connections, writes and files instead of doing them. DESIGN.md says
// where it differs from Redis 7.0.15 and why.
package sentinel
