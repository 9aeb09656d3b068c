package door

import (
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// inside is the console's end of a connection, and the other end.
func inside(t *testing.T, answer time.Duration) (*visitor, net.Conn) {
	t.Helper()
	here, there := net.Pipe()
	t.Cleanup(func() { _, _ = here.Close(), there.Close() })
	return &visitor{Conn: here, door: New(Limits{Answer: answer})}, there
}

func TestSEC23AnAnswerThatNobodyTakesEndsInTimeWhateverTheServerAllows(t *testing.T) {
	for _, tt := range []struct {
		name string
		set  func(v *visitor, at time.Time) error
		at   time.Duration
		want time.Duration
	}{
		{"a server that waits for long", (*visitor).SetWriteDeadline, time.Hour, time.Minute},
		{"a socket that waits for less", (*visitor).SetWriteDeadline, time.Second, time.Second},
		{"both ways", (*visitor).SetDeadline, time.Second, time.Second},
		{"nobody", (*visitor).SetDeadline, 0, time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v, _ := inside(t, time.Minute)
				began := time.Now()
				at := time.Time{}
				if tt.at > 0 {
					at = began.Add(tt.at)
				}
				require.NoError(t, tt.set(v, at))
				_, err := v.Write(make([]byte, 100))
				require.ErrorIs(t, err, os.ErrDeadlineExceeded)
				require.Equal(t, tt.want, time.Since(began))
			})
		})
	}
}

func TestALongAnswerThatIsTakenSlowlyIsTakenWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, there := inside(t, time.Minute)
		const pieces = 10
		go func() {
			for range pieces { // a whole piece just before it is too late
				pace := time.NewTimer(59 * time.Second)
				<-pace.C
				_, _ = io.CopyN(io.Discard, there, piece)
			}
		}()
		began := time.Now()
		n, err := v.Write(make([]byte, pieces*piece))
		require.NoError(t, err)
		require.Equal(t, pieces*piece, n)
		require.Equal(t, pieces*59*time.Second, time.Since(began))
	})
}

func TestAnEmptyAnswerIsWrittenOnce(t *testing.T) {
	v, there := inside(t, time.Minute)
	go func() { _, _ = io.Copy(io.Discard, there) }()
	n, err := v.Write(nil)
	require.NoError(t, err)
	require.Zero(t, n)
}
