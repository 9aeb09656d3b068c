// Package session is what every server says about its client connections, whatever it serves:
// HELLO, CLIENT LIST, CLIENT KILL, CLIENT REPLY.
package session
