// Package stream is Redis' log of entries with its consumer groups: entries in packed nodes whose
// bytes are those a redis-server keeps and dumps, groups with what they have delivered and nobody
// has acknowledged.
package stream
