package keyspace

// sampleShare decides how a sample is drawn: when more than one in sampleShare members is wanted,
// drawing until enough different ones were seen costs more than shuffling a copy of all
// (SRANDMEMBER_SUB_STRATEGY_MUL).
const sampleShare = 3

// choose moves count random elements of all to its front and returns them. All of them stay in
// order.
func choose[T any](all []T, count int, rnd func(n int) int) []T {
	if count >= len(all) {
		return all
	}
	for i := range count {
		j := i + rnd(len(all)-i)
		all[i], all[j] = all[j], all[i]
	}
	return all[:count]
}

// distinct draws until it has count different values; draw says what makes each different.
func distinct[K comparable, V any](count int, draw func() (K, V)) []V {
	seen := make(map[K]bool, count)
	drawn := make([]V, 0, count)
	for len(drawn) < count {
		if key, value := draw(); !seen[key] {
			seen[key] = true
			drawn = append(drawn, value)
		}
	}
	return drawn
}
