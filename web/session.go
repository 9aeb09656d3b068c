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

// role is what somebody may do. A greater one may do all that a smaller one may.
type role int

const (
	nobody  role = iota
	viewer       // joined a class: watches
	teacher      // opened the link that playground printed, or has the token: everything
)

// String is the role's name.
func (r role) String() string { return [...]string{"nobody", "viewer", "teacher"}[r] }

// caller is who sent a request. Nothing that the request itself says of roles counts: only the
// session does.
type caller struct {
	role    role
	byToken bool   // a program with the token, which no browser sends on its own
	session string // a browser's
}

// callerOf finds out by the token or the session.
func (s *Server) callerOf(req *http.Request) caller {
	if bearer, found := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer "); found {
		if same(bearer, s.sessions.token) {
			return caller{role: teacher, byToken: true}
		}
		return caller{}
	}
	cookie, err := req.Cookie(cookieFor(req))
	if err != nil {
		return caller{}
	}
	if s.sessions.live(cookie.Value) {
		return caller{role: teacher, session: cookie.Value}
	}
	if p := s.room.find(cookie.Value); p != nil {
		return caller{role: viewer, session: cookie.Value}
	}
	return caller{}
}

// knows tells whether a session is still the teacher's or somebody's in the class.
func (s *Server) knows(session string) bool {
	return s.sessions.live(session) || s.room.find(session) != nil
}

// live tells whether a session was begun by a link and not forgotten.
func (s *sessions) live(session string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := false
	for _, known := range s.cookie { // all of them, so that the time tells nothing
		if same(session, known) {
			found = true
		}
	}
	return found
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
