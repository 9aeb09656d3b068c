package acl

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"slices"
)

// DefaultName is the user that every connection is until it says otherwise.
const DefaultName = "default"

// User is somebody a connection may act for. Connections keep a pointer to it: what is changed about a
// user holds for all of them at once.
type User struct {
	name      string
	on        bool
	noPass    bool     // every password is right
	sanitize  sanitize // of payloads that RESTORE is given
	passwords []string // SHA-256 sums in hexadecimal
	selectors []selector
	free      bool // some selector forbids nothing: there is nothing to check
}

// sanitize says whether payloads are looked through; a new user says neither.
type sanitize uint8

const (
	sanitizeUnsaid sanitize = iota
	sanitizeSkip
	sanitizeDo
)

// root is the selector that rules outside of parentheses are about.
func (u *User) root() *selector { return &u.selectors[0] }

// Name is what the user is called; nobody has no name.
func (u *User) Name() string {
	if u == nil {
		return ""
	}
	return u.name
}

// Free tells that nothing is forbidden to the user, so that nobody need ask Users.Check. It is so for
// nobody, for whom the server itself acts.
func (u *User) Free() bool { return u == nil || u.free }

// Open tells that a connection is this user without a password (clientSetDefaultAuth).
func (u *User) Open() bool { return u.noPass && u.on }

// NoPassword tells that every password is right.
func (u *User) NoPassword() bool { return u.noPass }

// newUser is a user who may not log in and may do nothing.
func (u *Users) newUser(name string) *User {
	return &User{name: name, selectors: []selector{u.newSelector()}}
}

// clone is a copy to try rules on.
func (u *User) clone() *User {
	c := *u
	c.passwords = slices.Clone(u.passwords)
	c.selectors = slices.Clone(u.selectors)
	for i := range c.selectors {
		c.selectors[i] = u.selectors[i].clone()
	}
	return &c
}

// become takes everything over from a copy but the name.
func (u *User) become(c *User) {
	name := u.name
	*u = *c
	u.name = name
	u.settle()
}

// settle works out what follows from the selectors.
func (u *User) settle() {
	u.free = slices.ContainsFunc(u.selectors, func(s selector) bool { return s.free() })
}

// accepts tells whether the user may log in with a password. It takes the same time for every wrong one.
func (u *User) accepts(password []byte) bool {
	switch {
	case !u.on:
		return false
	case u.noPass:
		return true
	}
	given, right := []byte(sum(password)), 0
	for _, p := range u.passwords {
		right |= subtle.ConstantTimeCompare([]byte(p), given)
	}
	return right == 1
}

// sum is a password as it is kept.
func sum[T string | []byte](password T) string {
	digest := sha256.Sum256([]byte(password))
	return hex.EncodeToString(digest[:])
}

// isSum tells whether text may be the SHA-256 sum of a password.
func isSum(text string) bool {
	if len(text) != 2*sha256.Size {
		return false
	}
	for i := range len(text) {
		if c := text[i]; (c < 'a' || c > 'f') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
