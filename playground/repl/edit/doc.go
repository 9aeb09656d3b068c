// Package edit edits one line on a terminal: bytes that were typed go in, bytes for the screen
// come out. It reads and writes nothing itself, so that the same editor serves a terminal of this
// computer, a socket behind which a browser draws, and a test.
//
// The keys are those of redis-cli; history, its search and completion are here, and what is
// completed and hinted is the caller's.
package edit
