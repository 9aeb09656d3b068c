//go:build !linux

package playground

// freeMemory is not known here; GOMEMLIMIT can say it.
func freeMemory() (bytes int64, known bool) { return 0, false }
