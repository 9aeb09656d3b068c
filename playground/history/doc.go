// Package history records what happens in a lab: its events and, every few seconds, a snapshot of
// everything, in one SQLite file that can be asked for any stretch of time.
//
// Nobody waits for the recorder. What it cannot take is dropped and counted; when the disk fails,
// the lab goes on and Err says why it is not recorded. The file survives the end of the process
// at any moment.
package history
