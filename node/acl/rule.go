package acl

import (
	"slices"
	"strings"

	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// Why a rule is refused (ACLSetUserStringError).
const (
	errUnknown   = "Unknown command or category name in ACL"
	errRule      = "Syntax error"
	errAllKeys   = "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns"
	errAllChans  = "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels"
	errNoSuchSum = "The password you are trying to remove from the user does not exist"
	errBadSum    = "The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters"
	errTwice     = "Duplicate user found. A user can only be defined once in config files"
	errFirstArg  = "Allowing first-arg of a subcommand is not supported"
)

// apply changes a user by one rule and returns why it cannot (ACLSetUser).
func (u *Users) apply(user *User, rule string) (refusal string) {
	if rule == "" {
		return ""
	}
	if change, known := userWords[lower(rule)]; known {
		change(u, user)
		return ""
	}
	switch {
	case rule[0] == '>':
		user.addPassword(sum(rule[1:]))
	case rule[0] == '#':
		if !isSum(rule[1:]) {
			return errBadSum
		}
		user.addPassword(rule[1:])
	case rule[0] == '<':
		return user.dropPassword(sum(rule[1:]))
	case rule[0] == '!':
		if !isSum(rule[1:]) {
			return errBadSum
		}
		return user.dropPassword(rule[1:])
	case rule[0] == '(' && rule[len(rule)-1] == ')':
		return u.addSelector(user, rule[1:len(rule)-1])
	default:
		return u.permit(user.root(), rule)
	}
	return ""
}

// userWords are the rules without an argument that are about a user.
var userWords map[string]func(*Users, *User)

func init() {
	userWords = map[string]func(*Users, *User){
		"on":                    func(_ *Users, u *User) { u.on = true },
		"off":                   func(_ *Users, u *User) { u.on = false },
		"skip-sanitize-payload": func(_ *Users, u *User) { u.sanitize = sanitizeSkip },
		"sanitize-payload":      func(_ *Users, u *User) { u.sanitize = sanitizeDo },
		"nopass":                func(_ *Users, u *User) { u.noPass, u.passwords = true, nil },
		"resetpass":             func(_ *Users, u *User) { u.noPass, u.passwords = false, nil },
		"clearselectors":        func(_ *Users, u *User) { u.selectors = u.selectors[:1] },
		"reset":                 (*Users).reset,
	}
}

// reset makes a user like a new one, but that payloads are said to be sanitized.
func (u *Users) reset(user *User) {
	*user = User{name: user.name, sanitize: sanitizeDo, selectors: []selector{u.newSelector()}}
}

func (u *User) addPassword(sum string) {
	u.noPass = false
	if !slices.Contains(u.passwords, sum) {
		u.passwords = append(u.passwords, sum)
	}
}

func (u *User) dropPassword(sum string) (refusal string) {
	i := slices.Index(u.passwords, sum)
	if i < 0 {
		return errNoSuchSum
	}
	u.passwords = slices.Delete(u.passwords, i, i+1)
	return ""
}

// addSelector gives a user one more selector, made by the rules between parentheses. Quotes that do
// not balance hide all rules, as they do from sdssplitargs' caller in Redis.
func (u *Users) addSelector(user *User, rules string) (refusal string) {
	s := u.newSelector()
	words, ok := resp.SplitLine(nil, []byte(rules))
	if !ok {
		words = nil
	}
	for _, rule := range words {
		if refusal := u.permit(&s, string(rule)); refusal != "" {
			return refusal
		}
	}
	user.selectors = append(user.selectors, s)
	return ""
}

// permit changes a selector by one rule and returns why it cannot (ACLSetSelector).
func (u *Users) permit(s *selector, rule string) (refusal string) {
	switch lower(rule) {
	case "allkeys", "~*":
		s.allKeys, s.keys = true, nil
	case "resetkeys":
		s.allKeys, s.keys = false, nil
	case "allchannels", "&*":
		s.allChannels, s.channels = true, nil
	case "resetchannels":
		s.allChannels, s.channels = false, nil
	case "allcommands", "+@all":
		s.all(true)
	case "nocommands", "-@all":
		s.all(false)
	default:
		return u.permitSome(s, rule)
	}
	return ""
}

// permitSome takes the rules that name something.
func (u *Users) permitSome(s *selector, rule string) (refusal string) {
	named := text(rule)
	sign := byte(0)
	if rule != "" {
		sign = rule[0]
	}
	switch {
	case sign == '~' || sign == '%':
		return s.permitKeys(rule)
	case sign == '&':
		switch {
		case s.allChannels:
			return errAllChans
		case hasSpace(rule[1:]):
			return errRule
		}
		s.addChannels(rule[1:])
	case sign != '+' && sign != '-':
		return errRule
	case strings.HasPrefix(named[1:], "@"):
		in := command.CategoryOf(named[2:])
		if in == 0 {
			return errUnknown
		}
		s.category(u.table, in, sign == '+')
	case sign == '+' && strings.Contains(named, "|"):
		return u.permitPart(s, named[1:])
	default:
		cmd := u.find(named[1:])
		if cmd == nil {
			return errUnknown
		}
		s.change(cmd, sign == '+')
	}
	return ""
}

// permitKeys takes ~pattern, %R~pattern, %W~pattern and %RW~pattern. A % without a letter is refused:
// 7.0.15 takes it, allows nothing by it, and dies when it is to be shown.
func (s *selector) permitKeys(rule string) (refusal string) {
	if s.allKeys {
		return errAllKeys
	}
	allowed, at := readWrite, 1
	if rule[0] == '%' {
		if allowed, at = readAccess(rule); allowed == 0 {
			return errRule
		}
	}
	if hasSpace(rule[at:]) {
		return errRule
	}
	s.addKeys(rule[at:], allowed)
	return ""
}

// readAccess reads %RW~ and returns where the pattern begins; no access means that it makes no sense.
func readAccess(rule string) (allowed access, at int) {
	for at = 1; at < len(rule); at++ {
		switch c := rule[at] | 0x20; {
		case c == 'r' && allowed&read == 0:
			allowed |= read
		case c == 'w' && allowed&write == 0:
			allowed |= write
		case rule[at] == '~':
			return allowed, at + 1
		default:
			return 0, at
		}
	}
	return allowed, at
}

// permitPart takes command|subcommand, or command|argument for a command without subcommands.
func (u *Users) permitPart(s *selector, named string) (refusal string) {
	at := strings.LastIndexByte(named, '|')
	cmd := u.find(named[:at])
	switch {
	case cmd == nil:
		return errUnknown
	case cmd.Parent != nil:
		return errFirstArg
	case named[at+1:] == "":
		return errRule
	case len(cmd.Subcommands) == 0:
		s.addFirst(cmd.ID, named[at+1:])
		return ""
	}
	sub := u.find(named)
	if sub == nil {
		return errUnknown
	}
	s.change(sub, true)
	return ""
}

// find returns the command or subcommand with a full name, nil when there is none.
func (u *Users) find(full string) *command.Command {
	name, sub, two := strings.Cut(full, "|")
	cmd := u.table.Lookup([]byte(name))
	if cmd == nil || !two {
		return cmd
	}
	return cmd.Sub([]byte(sub))
}

// text is a rule as C sees it: up to the first zero byte.
func text(rule string) string {
	before, _, _ := strings.Cut(rule, "\x00")
	return before
}

// lower is a rule as C compares it with a word.
func lower(rule string) string {
	rule = text(rule)
	for i := range len(rule) {
		if c := rule[i]; 'A' <= c && c <= 'Z' {
			return asciiLower(rule)
		}
	}
	return rule
}

func asciiLower(word string) string {
	out := []byte(word)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return string(out)
}

// same compares two words without regard to case.
func same(a, b string) bool { return lower(a) == lower(b) }

// hasSpace tells of a byte that would cut a line of rules (ACLStringHasSpaces).
func hasSpace(word string) bool { return strings.ContainsAny(word, " \t\n\v\f\r\x00") }
