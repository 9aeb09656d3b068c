// Package listpack reads and writes Redis' listpacks: sequences of short texts and integers in one
// piece of memory that can be walked from both ends.
package listpack
