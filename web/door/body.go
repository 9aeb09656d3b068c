package door

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// hear tells the door when a whole request has come. Until then its connection stays a quiet one,
// and its body has a deadline, whether somebody reads it or not: the server reads to its end before
// it answers. The server lifts the deadline with the body's end. A request without a body gets
// none, for nothing would lift it, and it would end the answer.
func hear(patience time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		v, _ := req.Context().Value(visitorKey{}).(*visitor)
		if req.Body == nil || req.Body == http.NoBody {
			v.busy()
		} else {
			_ = http.NewResponseController(rw).SetReadDeadline(time.Now().Add(patience)) // only a test's connection has none to set
			req.Body = &body{req.Body, v}
		}
		next.ServeHTTP(rw, req)
	})
}

// body is the body of a request until it has been read to its end.
type body struct {
	io.ReadCloser
	from *visitor
}

// Read notes the end.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		b.from.busy()
	}
	return n, err
}
