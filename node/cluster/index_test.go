package cluster

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheIndexFindsWhatAMapFinds(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var x index
	known := map[ID]*node{}
	var ids []ID
	for range 300 {
		var id ID
		for i := range id {
			id[i] = "0123456789abcdef"[rng.IntN(16)]
		}
		if rng.IntN(3) == 0 && len(ids) > 0 {
			copy(id[:8], ids[0][:8]) // somebody makes them up
		}
		ids = append(ids, id)
	}
	for range 20000 {
		id := ids[rng.IntN(len(ids))]
		n, _ := x.find(&id)
		require.Same(t, known[id], n)
		switch {
		case n != nil:
			x.remove(&id)
			delete(known, id)
		case rng.IntN(4) > 0 || len(known) < 100:
			known[id] = &node{id: id}
			x.add(known[id])
		}
		require.Equal(t, len(known), x.taken)
	}
	for _, id := range ids {
		n, _ := x.find(&id)
		require.Same(t, known[id], n)
	}
}
