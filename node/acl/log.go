package acl

import (
	"slices"
	"strconv"
	"strings"

	"clusterplay/node/resp"
)

// The bounds of the log: entries that are alike within a minute are one, and only the newest ten are
// compared.
const (
	groupingMillis = 60000
	groupingScan   = 10
)

// Context is where a command was denied.
type Context string

// The contexts that ACL LOG tells.
const (
	TopLevel Context = "toplevel"
	InMulti  Context = "multi"
	InScript Context = "lua"
)

// Denial is one thing that a user was denied.
type Denial struct {
	Why     Verdict
	Context Context
	Object  string // the command, the key or the channel; for a login the command that tried
	User    string
	Client  string // as in CLIENT LIST
	At      int64  // ms since 1970
	count   int64
}

// reasons are what ACL LOG calls the verdicts.
var reasons = [...]string{DeniedCommand: "command", DeniedKey: "key", DeniedAuth: "auth", DeniedChannel: "channel"}

// log is the latest denials, newest first.
type log struct{ entries []Denial }

// Deny writes a denial into the log, which keeps at most limit (addACLLogEntry).
func (u *Users) Deny(d Denial, limit int64) {
	l := &u.log
	d.count = 1
	for i := range min(len(l.entries), groupingScan) {
		if l.entries[i].like(&d) {
			d.count += l.entries[i].count
			l.entries = slices.Insert(slices.Delete(l.entries, i, i+1), 0, d)
			return
		}
	}
	l.entries = slices.Insert(l.entries, 0, d)
	if int64(len(l.entries)) > limit {
		clear(l.entries[limit:])
		l.entries = l.entries[:limit]
	}
}

// like tells whether two denials are one entry.
func (d *Denial) like(o *Denial) bool {
	apart := max(d.At-o.At, o.At-d.At)
	return d.Why == o.Why && d.Context == o.Context && apart <= groupingMillis && d.Object == o.Object && d.User == o.User
}

// Log answers ACL LOG [count | RESET]; sub is the word LOG as it was spelled.
func (u *Users) Log(w *resp.Writer, sub []byte, args [][]byte, now int64) {
	if tooLong(w, sub, args) {
		return
	}
	count := int64(10)
	if len(args) > 0 {
		if strings.EqualFold(string(args[0]), "reset") {
			u.log.entries = nil
			w.OK()
			return
		}
		n, ok := resp.ParseInt(args[0])
		if !ok {
			w.Error(resp.ErrNotInteger)
			return
		}
		count = max(n, 0)
	}
	entries := u.log.entries[:min(count, int64(len(u.log.entries)))]
	w.Array(len(entries))
	for i := range entries {
		entries[i].write(w, now)
	}
}

func (d *Denial) write(w *resp.Writer, now int64) {
	w.Map(7)
	w.BulkString("count")
	w.Int(d.count)
	for _, field := range [...][2]string{
		{"reason", reasons[d.Why]}, {"context", string(d.Context)}, {"object", d.Object}, {"username", d.User},
	} {
		w.BulkString(field[0])
		w.BulkString(field[1])
	}
	w.BulkString("age-seconds")
	w.Double(float64(now-d.At) / 1000)
	w.BulkString("client-info")
	w.BulkString(d.Client)
}

// passwordBits bounds ACL GENPASS.
const passwordBits = 4096

// GenPass answers ACL GENPASS [bits] with as many random bits in hexadecimal digits; sub is the word
// GENPASS as it was spelled.
func (u *Users) GenPass(w *resp.Writer, sub []byte, args [][]byte, random func(digits int) string) {
	if tooLong(w, sub, args) {
		return
	}
	bits := int64(256)
	if len(args) > 0 {
		n, ok := resp.ParseInt(args[0])
		if !ok {
			w.Error(resp.ErrNotInteger)
			return
		}
		bits = n
	}
	if bits <= 0 || bits > passwordBits {
		w.Error("ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to " +
			strconv.Itoa(passwordBits))
		return
	}
	w.BulkString(random(int(bits+3) / 4))
}
