// Package history records what happens in a lab in one SQLite file that can be asked for any
// stretch of time: its events, the frames between its nodes, and pictures: now and then one of
// everything, and in between what has changed since the picture before.
//
// Nobody waits for the recorder. What it cannot take is dropped and counted; when the disk fails,
// the lab goes on and Err says why it is not recorded. A file survives the end of the process at any
// moment; a record without one ends with the process and leaves nothing behind. When it has grown
// to its cap, its oldest part is deleted.
package history
