package web

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	cookieName  = "playground"
	secretBytes = 16 // 128 bits: nobody guesses that
	// codeLife is how long the printed link stays good for its one use; a class begins slowly.
	codeLife = time.Hour
	// maxSessions bounds what one token holder can make us remember; the oldest goes first.
	maxSessions = 1024
	// maxCodes bounds the links that wait to be used.
	maxCodes = 64
)

// sessions knows who may talk to the console: whoever holds the token (programs on this computer
// read it from a file only the user can read), and browsers that once used a printed link.
type sessions struct {
	token string
	now   func() time.Time

	mu     sync.Mutex
	codes  map[string]time.Time // one-time codes and when they expire
	cookie []string             // live sessions, oldest first
}

func newSessions(token string, now func() time.Time) *sessions {
	return &sessions{token: token, now: now, codes: map[string]time.Time{}}
}

// NewToken makes a secret for a console.
func NewToken() string {
	var b [secretBytes]byte
	rand.Read(b[:]) // never fails: see crypto/rand
	return hex.EncodeToString(b[:])
}

// newCode makes a one-time code for a link.
func (s *sessions) newCode() string {
	code := NewToken()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.codes) >= maxCodes {
		delete(s.codes, oldest(s.codes))
	}
	s.codes[code] = s.now().Add(codeLife)
	return code
}

// oldest finds the code that expires first.
func oldest(codes map[string]time.Time) string {
	return slices.MinFunc(slices.Collect(maps.Keys(codes)), func(a, b string) int { return codes[a].Compare(codes[b]) })
}

// redeem turns a one-time code into a session; ok is false for a code that is unknown, used or old.
func (s *sessions) redeem(code string) (session string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	expires, known := s.codes[code]
	delete(s.codes, code)
	if !known || s.now().After(expires) {
		return "", false
	}
	session = NewToken()
	s.cookie = append(s.cookie, session)
	if len(s.cookie) > maxSessions {
		s.cookie = s.cookie[1:]
	}
	return session, true
}

// authenticated reports whether a request carries the token or a live session. byToken is true
// for a program with the token, which no browser sends on its own.
func (s *sessions) authenticated(req *http.Request) (ok, byToken bool) {
	if bearer, found := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer "); found {
		return same(bearer, s.token), true
	}
	cookie, err := req.Cookie(cookieFor(req))
	if err != nil {
		return false, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, live := range s.cookie {
		if same(cookie.Value, live) {
			return true, false
		}
	}
	return false, false
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// sessionCookie is what a browser keeps: gone with the browser, sent to this site only.
func sessionCookie(req *http.Request, value string) *http.Cookie {
	return &http.Cookie{Name: cookieFor(req), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode}
}

// cookieFor names the cookie after the port: browsers keep one jar for all ports of a host, and
// two consoles must not log each other out.
func cookieFor(req *http.Request) string {
	if _, port, err := net.SplitHostPort(req.Host); err == nil {
		return cookieName + "-" + port
	}
	return cookieName
}
