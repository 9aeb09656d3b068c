package history

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFilesThatAreNoRecordAreLeftAlone has the rows E of the catalogue of bad input about the record.
// That it outlives the killing of its process (E30) has a test of its own.
func TestFilesThatAreNoRecordAreLeftAlone(t *testing.T) {
	recorded := filepath.Join(t.TempDir(), "h.db")
	r, err := Open(recorded, Config{})
	require.NoError(t, err)
	r.Event(event(1))
	r.Sync()
	require.NoError(t, r.Close())
	good, err := os.ReadFile(recorded)
	require.NoError(t, err)
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"E26 nothing in it", nil, ""},
		{"E27 text", []byte("this is no database, though it is long enough to be one\n"), "file is not a database"},
		{"E28 a page that is torn", append(append([]byte(nil), good[:100]...), make([]byte, len(good)-100)...), "malformed"},
		{"E29 half of it", good[:len(good)/2], "malformed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "h.db")
			require.NoError(t, os.WriteFile(path, tt.data, 0o600))
			r, err := Open(path, Config{})
			if tt.want == "" {
				require.NoError(t, err)
				_, _, err = r.Span(context.Background())
				require.NoError(t, err)
				require.NoError(t, r.Close())
				return
			}
			if err == nil {
				_ = r.Close()
			}
			require.ErrorContains(t, err, tt.want)
			left, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, tt.data, left, "nothing is put in its place")
		})
	}
}
