package keyspace

import "slices"

// intset is an ascending list of different integers.
type intset []int64

func (s intset) has(n int64) bool {
	_, found := slices.BinarySearch(s, n)
	return found
}

func (s *intset) add(n int64) bool {
	at, found := slices.BinarySearch(*s, n)
	if !found {
		*s = slices.Insert(*s, at, n)
	}
	return !found
}

func (s *intset) remove(n int64) bool {
	at, found := slices.BinarySearch(*s, n)
	if found {
		*s = slices.Delete(*s, at, at+1)
	}
	return found
}
