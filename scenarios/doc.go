// Package scenarios reads and runs lessons: Markdown whose fences act on a live lab.
//
// Three kinds of fence are live. A redis fence is a transcript: prompt lines are sent, the lines
// below must match the reply. A play fence holds verbs, the same words as the command line. A
// quiz fence asks before it shows. Everything else is prose.
package scenarios
