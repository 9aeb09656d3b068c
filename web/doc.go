// Package web serves the console: one page, the REST interface and the live stream of a lab.
//
// Everything is denied unless the policy table allows it. A request passes the Host allow-list
// first, before routing; then its session and, for whatever changes anything, its Origin and the
// X-Playground header.
package web
