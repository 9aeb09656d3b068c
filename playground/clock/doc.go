// Package clock is the time of a lab: one clock for all its nodes that follows the computer's
// clock, runs a hundred times faster or slower, stands still, or is stepped timer by timer.
package clock
