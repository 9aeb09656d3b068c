// Package geo turns places on the earth into the 52-bit numbers that Redis keeps as scores, and finds
// which of these numbers lie near a place.
package geo
