package door

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnAnswerMayTakeLongerThanItsBodyMayTakeToArrive(t *testing.T) {
	const patience = 50 * time.Millisecond
	ended := make(chan bool, 1)
	server := httptest.NewServer(hear(patience, http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		_, err := io.ReadAll(req.Body)
		assert.NoError(t, err)
		select {
		case <-req.Context().Done():
			ended <- true
		case <-time.After(4 * patience):
			ended <- false
		}
	})))
	defer server.Close()
	resp, err := http.Post(server.URL, "application/json", http.NoBody)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.False(t, <-ended)
	resp, err = http.Post(server.URL, "application/json", io.LimitReader(endless{}, 10))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.False(t, <-ended, "the deadline of the body ended the answer")
}

type endless struct{}

// Read fills p with spaces.
func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestABodyThatNobodyReadsHoldsNoConnection(t *testing.T) {
	server := httptest.NewServer(hear(50*time.Millisecond, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nslow")
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, conn)
	require.NoError(t, err, "the server hangs up")
}

func TestAConnectionIsQuietUntilItsBodyHasCome(t *testing.T) {
	s := open(t, Limits{Open: 9, Each: 9})
	_, in := s.call("10.0.0.1:1")
	req := httptest.NewRequest(http.MethodPost, "/", io.LimitReader(endless{}, 10))
	hear(time.Second, http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		require.Equal(t, 1, s.door.Counts().Quiet)
		_, err := io.ReadAll(req.Body)
		require.NoError(t, err)
		require.Zero(t, s.door.Counts().Quiet)
	})).ServeHTTP(httptest.NewRecorder(), req.WithContext(note(req.Context(), in)))
}
