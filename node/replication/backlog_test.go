package replication

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestBacklogGivesBackWhatWasWritten compares it with the whole stream kept in one slice.
func TestBacklogGivesBackWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := Offset(rapid.Int64Range(1, 1<<40).Draw(t, "base"))
		size := int64(rapid.IntRange(1, 3*blockSize).Draw(t, "size"))
		b := newBacklog(base)
		var all []byte
		for i := range rapid.IntRange(1, 30).Draw(t, "steps") {
			p := bytes.Repeat([]byte{byte(i)}, rapid.IntRange(0, 2*blockSize).Draw(t, "bytes"))
			for k := range p {
				p[k] += byte(k % 7)
			}
			all = append(all, p...)
			b.append(p)
			keep := b.first + Offset(rapid.Int64Range(0, b.len()).Draw(t, "keep"))
			b.trim(size, keep)
			require.Equal(t, base+Offset(len(all)), b.next)
			require.LessOrEqual(t, b.first, keep)
			require.True(t, b.len() <= size || b.first == keep || b.first < keep && b.len() <= size)
			require.LessOrEqual(t, b.first-b.start, Offset(blockSize))
			from := b.first + Offset(rapid.Int64Range(0, b.len()).Draw(t, "from"))
			limit := rapid.IntRange(0, len(all)+1).Draw(t, "limit")
			want := all[from-base:]
			want = want[:min(len(want), limit)]
			require.True(t, bytes.Equal(want, b.read(nil, from, limit)))
		}
	})
}

func TestBacklogKeepsWhatAnAttachedReplicaNeeds(t *testing.T) {
	b := newBacklog(1)
	b.append(make([]byte, 5*blockSize))
	b.trim(100, 10)
	require.Equal(t, Offset(10), b.first)
	b.trim(100, b.next)
	require.Equal(t, int64(100), b.len())
	require.Len(t, b.blocks, 1)
	b.trim(1<<20, b.next)
	require.Equal(t, int64(100), b.len(), "a larger size brings nothing back")
}
