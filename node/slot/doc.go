// Package slot maps keys to the 16384 hash slots of a cluster and holds sets of slots in the form
// in which nodes exchange them.
package slot
