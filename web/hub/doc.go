// Package hub sends a lab's life to every browser that watches: a snapshot first, then numbered
// changes at most twenty times a second, encoded once for all. A browser that stops reading costs
// nobody else anything: it misses batches, is told so, and starts over from a snapshot.
package hub
