package server

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatMeansNothingHereIsRefusedWithItsReason: a parameter that governs nothing here is shown with its default,
// which may be set again, and nothing else.
func TestWhatMeansNothingHereIsRefusedWithItsReason(t *testing.T) {
	d := newDriver(t)
	tried := 0
	for _, p := range parameters {
		if p.fixity != absent {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			require.Equal(t, "+OK|", d.call("a", "CONFIG", "SET", p.name, p.initial))
			refused := 0
			for _, value := range []string{"yes", "no", "1", "optional", "text"} {
				if _, _, wrong := p.kind(value); wrong != "" || value == p.initial {
					continue
				}
				refused++
				want := "-ERR CONFIG SET failed (possibly related to argument '" + p.name + "') - " + absentReason + "|"
				require.Equal(t, want, d.call("a", "CONFIG", "SET", p.name, value))
			}
			require.Positive(t, refused)
		})
		tried++
	}
	require.Greater(t, tried, 15)
}
