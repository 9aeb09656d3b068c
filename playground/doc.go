// Package playground is the lab: it starts nodes and joins them to a cluster, carries out what
// people do to them, and tells what happens as events, captions and snapshots.
//
// A button, a lesson's verb, a command line and a REST call are four faces of one Action. Every
// action is recorded as an input before it acts.
package playground
