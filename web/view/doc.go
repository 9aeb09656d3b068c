// Package view holds the console's HTML as templ components: the shell of the one page, with
// every panel in its place before any script runs. It shows; package playground decides.
//
// The components carry no inline style and no inline script, so that the page works under
// default-src 'none'. Scripts find their places by element name and data-ref.
package view
