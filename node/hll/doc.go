// Package hll counts different elements approximately: the HyperLogLog of Redis, in Redis' own bytes.
package hll
