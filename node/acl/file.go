package acl

import (
	"fmt"
	"strings"

	"clusterplay/node/command"
)

// Lines are all users as Configure takes them: the words of a line of redis.conf behind "user". Whoever
// writes them into a file quotes what would otherwise be cut.
func (u *Users) Lines() [][]string {
	var lines [][]string
	for _, user := range u.sorted() {
		lines = append(lines, append([]string{user.name}, u.rules(user)...))
	}
	return lines
}

// Text is all users as an ACL file holds them.
func (u *Users) Text() []byte {
	var b strings.Builder
	for _, user := range u.sorted() {
		b.WriteString(u.line(user) + "\n")
	}
	return []byte(b.String())
}

// LineError says what nobody can follow in a user line of redis.conf.
type LineError struct{ Rule, Reason string }

// Error is what Redis says of such a line.
func (e *LineError) Error() string {
	return fmt.Sprintf("Error in user declaration '%s': %s", e.Rule, e.Reason)
}

// Configure makes the users of a redis.conf: for each line the words behind "user". It comes before
// anybody is connected.
func (u *Users) Configure(lines [][]string) error {
	seen := map[string]bool{}
	for _, words := range lines {
		if err := u.configureOnce(seen, words); err != nil {
			return err
		}
	}
	return nil
}

// CheckLine tells what is wrong with one more user line, words, behind those before.
func CheckLine(table *command.Table, before [][]string, words []string) error {
	seen := map[string]bool{}
	for _, line := range before {
		seen[line[0]] = true
	}
	return New(table, nil).configureOnce(seen, words)
}

func (u *Users) configureOnce(seen map[string]bool, words []string) error {
	switch {
	case len(words) == 0:
		return &LineError{"", errRule}
	case seen[words[0]]:
		return &LineError{words[0], errTwice}
	case hasSpace(words[0]):
		return &LineError{words[0], "Spaces not allowed in ACL usernames"}
	}
	seen[words[0]] = true
	return u.configure(words[0], words[1:])
}

func (u *Users) configure(name string, rules []string) error {
	user := u.byName[name]
	if user == nil {
		user = u.newUser(name)
	} else {
		u.reset(user)
	}
	merged, unmatched := merge(rules)
	if unmatched >= 0 {
		return &LineError{rules[unmatched], errRule}
	}
	for _, rule := range merged {
		if refusal := u.apply(user, rule); refusal != "" {
			return &LineError{rule, refusal}
		}
	}
	user.settle()
	u.byName[name] = user
	return nil
}

// Load puts the users of an ACL file in the place of those there are. When a line of it makes no sense nothing
// changes and everything that is wrong is told; path is what the file is called there
// (ACLLoadFromFile). Whoever acts for a user but the default one is disconnected.
func (u *Users) Load(path string, file []byte) (refusal string) {
	fresh := &Users{table: u.table, open: u.open, byName: map[string]*User{}}
	wrong := ""
	for i, line := range strings.Split(text(string(file)), "\n") {
		if line = strings.Trim(line, " \t\r\n"); line != "" {
			wrong += fresh.loadLine(path, i+1, strings.Split(line, " "))
		}
	}
	if wrong != "" {
		return wrong + "WARNING: ACL errors detected, no change to the previously active ACL rules was performed"
	}
	if fresh.byName[DefaultName] == nil {
		fresh.byName[DefaultName] = fresh.newDefault()
	}
	u.first.become(fresh.byName[DefaultName])
	fresh.byName[DefaultName] = u.first
	old := u.sorted()
	u.byName = fresh.byName
	for _, user := range old {
		if user != u.first {
			u.host.UserGone(user)
		}
	}
	return ""
}

// loadLine makes the user of one line, and returns what is wrong with it.
func (u *Users) loadLine(path string, number int, words []string) (wrong string) {
	switch {
	case words[0] != "user" || len(words) < 2:
		return fmt.Sprintf("%s:%d should start with user keyword followed by the username. ", path, number)
	case hasSpace(words[1]):
		return fmt.Sprintf("'%s:%d: username '%s' contains invalid characters. ", path, number, words[1])
	case u.byName[words[1]] != nil:
		return fmt.Sprintf("WARNING: Duplicate user '%s' found on line %d. ", words[1], number)
	}
	user := u.newUser(words[1])
	u.byName[user.name] = user
	merged, unmatched := merge(words[2:])
	if unmatched >= 0 {
		return fmt.Sprintf("%s:%d: Unmatched parenthesis in selector definition.", path, number)
	}
	told := false
	for _, rule := range merged {
		rule = strings.Trim(rule, "\t\r\n")
		switch refusal := u.apply(user, rule); {
		case refusal == "":
		case refusal == errUnknown:
			wrong += fmt.Sprintf("%s:%d: Error in applying operation '%s': %s. ", path, number, rule, refusal)
		case !told: // what went wrong first may be why others do
			told = true
			wrong += fmt.Sprintf("%s:%d: %s. ", path, number, refusal)
		}
	}
	user.settle()
	return wrong
}
