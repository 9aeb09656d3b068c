package acl

import (
	"math"
	"strings"

	"clusterplay/node/command"
)

// flags are the user's words, in Redis' order.
func (u *User) flags() []string {
	words := []string{"off"}
	if u.on {
		words[0] = "on"
	}
	if u.noPass {
		words = append(words, "nopass")
	}
	switch u.sanitize {
	case sanitizeSkip:
		words = append(words, "skip-sanitize-payload")
	case sanitizeDo:
		words = append(words, "sanitize-payload")
	}
	return words
}

// Describe is a user as ACL LIST, redis.conf and an ACL file show them, the name left out
// (ACLDescribeUser).
func (u *Users) Describe(user *User) string { return strings.Join(u.rules(user), " ") }

// rules are the words of a description.
func (u *Users) rules(user *User) []string {
	words := user.flags()
	for _, p := range user.passwords {
		words = append(words, "#"+p)
	}
	words = append(words, u.describe(user.root())...)
	for i := range user.selectors[1:] {
		inner := u.describe(&user.selectors[1+i])
		inner[0] = "(" + inner[0]
		inner[len(inner)-1] += ")"
		words = append(words, inner...)
	}
	return words
}

// line is a user as redis.conf and an ACL file hold them.
func (u *Users) line(user *User) string { return "user " + user.name + " " + u.Describe(user) }

func (u *Users) describe(s *selector) []string {
	words := s.keyRules()
	if !s.allChannels {
		words = append(words, "resetchannels")
	}
	words = append(words, s.channelRules()...)
	return append(words, u.commandRules(s)...)
}

func (s *selector) keyRules() []string {
	if s.allKeys {
		return []string{"~*"}
	}
	words := make([]string, len(s.keys))
	for i, p := range s.keys {
		words[i] = [...]string{read: "%R~", write: "%W~", readWrite: "~"}[p.access] + p.text
	}
	return words
}

func (s *selector) channelRules() []string {
	if s.allChannels {
		return []string{"&*"}
	}
	words := make([]string, len(s.channels))
	for i, p := range s.channels {
		words[i] = "&" + p.text
	}
	return words
}

// commandRules finds few rules that allow exactly the commands a selector allows: all or nothing
// first, then the categories that fit best, at last single commands. Each rule is tried on a second
// selector, so that what is still different is known (ACLDescribeSelectorCommandRules).
func (u *Users) commandRules(s *selector) []string {
	d := describing{u: u, want: s, so: u.newSelector(), left: s.clone(), additive: !s.future}
	if d.additive {
		d.add("-@all")
	} else {
		d.add("+@all")
		d.so.all(true)
	}
	for d.addCategory() {
		continue
	}
	d.addCommands()
	return d.rules
}

// describing is a description in the making.
type describing struct {
	u        *Users
	want     *selector
	so       selector // what the rules so far amount to
	left     selector // what is wanted, each chosen category turned around: it attracts no more
	applied  command.Categories
	additive bool
	rules    []string
}

func (d *describing) add(rule string) { d.rules = append(d.rules, rule) }

// addCategory chooses the category with which most is said and least wrong, if any says more right
// than wrong.
func (d *describing) addCategory() bool {
	best, fewest, most := command.Categories(0), math.MaxInt, 0
	for _, c := range command.AllCategories() {
		if d.applied&c != 0 {
			continue
		}
		agree, differ := d.count(c)
		if agree > differ && (differ < fewest || differ == fewest && agree > most) {
			best, fewest, most = c, differ, agree
		}
	}
	if best == 0 {
		return false
	}
	sign := "-@"
	if d.additive {
		sign = "+@"
	}
	d.so.category(d.u.table, best, d.additive)
	d.left.category(d.u.table, best, !d.additive)
	d.applied |= best
	d.add(sign + best.Name())
	return true
}

// count tells how many commands of a category are as a rule for all of it would have them.
func (d *describing) count(c command.Categories) (agree, differ int) {
	for id := range d.u.table.Size() {
		switch {
		case d.u.table.ByID(id).AllCategories()&c == 0:
		case d.left.has(id) == d.additive:
			agree++
		default:
			differ++
		}
	}
	return agree, differ
}

// addCommands says what the categories left wrong, and the first arguments with which a denied
// command is allowed.
func (d *describing) addCommands() {
	for id := range d.u.table.Size() {
		cmd := d.u.table.ByID(id)
		allowed := d.want.has(id)
		if allowed != d.so.has(id) {
			sign := "-"
			if allowed {
				sign = "+"
			}
			d.add(sign + cmd.Full)
			d.so.change(cmd, allowed)
		}
		if !allowed {
			for _, arg := range d.want.first[id] {
				d.add("+" + cmd.Full + "|" + arg)
			}
		}
	}
}
