// Package rdb reads and writes the snapshot format of Redis 7.0 (version 10): whole files, full
// synchronisation payloads and the payloads of DUMP and RESTORE.
//
// It is a codec and knows nothing of a keyspace: values travel as a Value, six neutral shapes.
// Every length found in the input is compared with the bytes that are really there before
// anything is allocated for it. What is allocated is then at most 64 times the input; the one
// amplifier is LZF, whose three bytes may legally stand for 264.
package rdb
