package web

import (
	"crypto/rand"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/time/rate"
)

const (
	// codeLetters are the letters of a join code: 32, of which none looks like another. Eight of
	// them are 40 bits; with ten tries a minute that takes two hundred thousand years.
	codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeLength  = 8
	// triesPerMinute bounds wrong codes from one address.
	triesPerMinute = 10
	// maxAddresses bounds how many addresses are remembered; beyond that all others share one bound.
	maxAddresses = 4096
	// maxPeople bounds the roster: a large class.
	maxPeople = 200
	// longestName bounds what a person is called.
	longestName = 40
)

// room is the class: its code and who has joined with it. A console that is not opened to a class
// has none.
type room struct {
	now func() time.Time

	mu     sync.Mutex
	open   bool
	code   string
	people []*person // in the order in which they came
	tries  map[netip.Prefix]*rate.Limiter
	others *rate.Limiter // for addresses beyond maxAddresses
	ids    int
}

// person is somebody who joined. Their session is their key.
type person struct {
	id      int
	name    string
	from    string // the address they joined from
	since   time.Time
	session string
}

func newRoom(now func() time.Time) *room {
	r := &room{now: now, tries: map[netip.Prefix]*rate.Limiter{}, others: newTries()}
	r.setOpen(true)
	return r
}

func newTries() *rate.Limiter {
	return rate.NewLimiter(rate.Every(time.Minute/triesPerMinute), triesPerMinute)
}

// newJoinCode draws a code.
func newJoinCode() string {
	var b [codeLength]byte
	rand.Read(b[:]) // never fails: see crypto/rand
	for i := range b {
		b[i] = codeLetters[int(b[i])%len(codeLetters)]
	}
	return string(b[:])
}

// spelled is a code as it is shown: in two halves, easier to copy from a wall.
func spelled(code string) string { return code[:codeLength/2] + "-" + code[codeLength/2:] }

// heard is a code as somebody typed it: small letters, and letters that look like others.
func heard(code string) string {
	return strings.Map(func(c rune) rune {
		switch c = unicode.ToUpper(c); c {
		case '-', ' ':
			return -1
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		return c
	}, code)
}

// The ways in which joining can fail.
type joinFault int

const (
	joined joinFault = iota
	tooManyTries
	wrongCode
	roomClosed
	roomFull
)

// join lets somebody in who knows the code. The count of tries is looked at first, so that a guesser
// learns nothing from the try beyond it, not even by a right code.
func (r *room) join(code, name string, from netip.Addr) (*person, joinFault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	try := r.limiter(from).ReserveN(now, 1)
	if try.DelayFrom(now) > 0 {
		try.CancelAt(now)
		return nil, tooManyTries
	}
	if right := same(heard(code), r.code); !right || !r.open {
		if !r.open {
			return nil, roomClosed
		}
		return nil, wrongCode
	}
	try.CancelAt(now) // a class behind one address may be large
	if len(r.people) >= maxPeople {
		return nil, roomFull
	}
	r.ids++
	p := &person{id: r.ids, name: name, from: from.String(), since: now, session: NewToken()}
	r.people = append(r.people, p)
	return p, joined
}

// limiter is the bound of an address; an IPv6 host has a whole network to choose from. The caller
// holds mu.
func (r *room) limiter(from netip.Addr) *rate.Limiter {
	bits := 64
	if from = from.Unmap(); from.Is4() {
		bits = 32
	}
	key, err := from.Prefix(bits)
	if err != nil {
		return r.others
	}
	if l := r.tries[key]; l != nil {
		return l
	}
	if len(r.tries) >= maxAddresses {
		r.forgetTries()
	}
	if len(r.tries) >= maxAddresses {
		return r.others
	}
	l := newTries()
	r.tries[key] = l
	return l
}

// forgetTries drops the addresses whose tries are all theirs again. The caller holds mu.
func (r *room) forgetTries() {
	for key, l := range r.tries {
		if l.TokensAt(r.now()) >= triesPerMinute {
			delete(r.tries, key)
		}
	}
}

// find is the person with that session; nil when there is none.
func (r *room) find(session string) *person {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var found *person
	for _, p := range r.people { // all of them, so that the time tells nothing
		if same(session, p.session) {
			found = p
		}
	}
	return found
}

// remove takes a person out and returns their session; "" when there is no such person.
func (r *room) remove(id int) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.people, func(p *person) bool { return p.id == id })
	if i < 0 {
		return ""
	}
	session := r.people[i].session
	r.people = slices.Delete(r.people, i, i+1)
	return session
}

// setOpen opens the room with a new code, or closes it: then nobody can join, and all who had
// joined are out. It returns their sessions.
func (r *room) setOpen(open bool) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if open == r.open {
		return nil
	}
	r.open, r.code = open, newJoinCode()
	var gone []string
	for _, p := range r.people {
		gone = append(gone, p.session)
	}
	r.people = nil
	return gone
}

// look is the room as it is now.
func (r *room) look() (open bool, code string, people []person) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.people {
		people = append(people, *p)
	}
	return r.open, r.code, people
}

// cleanName makes a name that fits a line; "" when nothing is left of it.
func cleanName(name string) string {
	name = strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) || unicode.In(c, unicode.Cf, unicode.Mn) {
			return -1
		}
		return c
	}, name)
	letters := []rune(strings.TrimSpace(name))
	return strings.TrimSpace(string(letters[:min(len(letters), longestName)]))
}
