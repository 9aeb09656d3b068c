// Package tty serves terminals to browsers: behind each socket sits a shell of package repl, as
// behind the window of a terminal program. Binary messages are what is typed and what is to be
// shown; text messages are JSON about the terminal itself: its width from the browser, where it is
// connected from us.
//
// A browser that stops reading holds up its own terminal only, and one that is silent for long or
// gone is closed: its connection to a node ends with it.
package tty
