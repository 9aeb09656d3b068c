// Package aof is the append only file of Redis 7.0: the manifest and its files, the text of the
// commands in them, and the machine that decides what is written, when it is made durable and how the
// log is rewritten.
//
// A log is a directory: a manifest names one base, which holds the data of one moment, and increments
// with every change since. A rewrite opens a new increment, writes a new base of that very moment, and
// replaces the manifest; a crash anywhere in between finds the old log or the new one, whole.
//
// The machine asks for file operations and is told how they ended. Like every machine here it has no
// clock, goroutine, lock or file of its own.
package aof
