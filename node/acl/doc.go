// Package acl keeps the users of one server and decides what each may do: which commands, on which
// keys, with which channels (Redis 7.0's acl.c). It reads the rules that ACL SETUSER, redis.conf and an
// ACL file write, and writes them back. Servers and Sentinels share it; what it does to connections
// it asks of a Host.
package acl
