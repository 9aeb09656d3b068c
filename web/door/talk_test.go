package door

import (
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSEC29ASocketIsListenedToNoFasterThanItMayTalk(t *testing.T) {
	const perSecond, seconds = 1000, 10
	for _, tt := range []struct {
		name string
		lent bool
		want time.Duration
	}{
		{"a request", false, 0},
		{"a socket", true, seconds * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v, there := inside(t, time.Minute)
				if tt.lent {
					v.slow(perSecond)
				}
				go func() { _, _ = there.Write(make([]byte, perSecond*(seconds+1))) }() // the first second's are a burst
				began := time.Now()
				got, err := io.ReadFull(v, make([]byte, perSecond*(seconds+1)))
				require.NoError(t, err)
				require.Equal(t, perSecond*(seconds+1), got)
				require.InDelta(t, tt.want, time.Since(began), float64(time.Millisecond))
			})
		})
	}
}

func TestOnlyWhatIsASocketTalksSlowly(t *testing.T) {
	s := open(t, Classroom())
	v, _ := inside(t, time.Minute)
	for _, state := range []http.ConnState{http.StateNew, http.StateActive, http.StateIdle, http.StateClosed} {
		s.door.notice(v, state)
		require.Nil(t, v.talk.Load(), state)
	}
	s.door.notice(v, http.StateHijacked)
	require.Equal(t, Classroom().Talk, v.talk.Load().Burst())
}
