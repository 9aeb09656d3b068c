package command

// Command is one row of the table: a command or, in Subcommands, a subcommand. Rows are shared
// by all servers of the process and never change after the table was built; what a server counts
// about a command it keeps in a slice of its own, at index ID.
type Command struct {
	Name       string // lower case; a subcommand without its parent's name
	Full       string // "config|get"; the same as Name for a command
	Parent     *Command
	ID         int // dense, from 0, subcommands included
	Arity      int // exact number of words with the name's, or minus the smallest number
	Flags      Flags
	Categories Categories // those that do not follow from Flags
	Tips       []string   // command tips, such as "nondeterministic_output"
	Keys       []KeySpec
	Group      string
	Since      string
	Deprecated *Deprecation
	Complexity string
	Summary    string
	Syntax     string // the words after the name; Arguments parses it

	Subcommands []*Command

	// Run executes the command. It is nil for what the server binds and for a command that
	// only has subcommands.
	Run func(*Context)

	// movable finds the keys where Keys cannot say it (SORT, MIGRATE).
	movable func(args [][]byte, out []KeyRef) []KeyRef
}

// Deprecation says since when a command is deprecated and what to use in its place.
type Deprecation struct{ Since, ReplacedBy string }

// Has tells whether all of flags are set.
func (c *Command) Has(flags Flags) bool { return c.Flags&flags == flags }

// Accepts tells whether a call may have n words, the name included.
func (c *Command) Accepts(n int) bool {
	if c.Arity >= 0 {
		return n == c.Arity
	}
	return n >= -c.Arity
}

// Sub returns the subcommand called name, or nil; case does not matter.
func (c *Command) Sub(name []byte) *Command {
	for _, sub := range c.Subcommands {
		if equalFold(name, sub.Name) {
			return sub
		}
	}
	return nil
}

// AllCategories returns the ACL categories of the command, those that follow from its flags
// included (setImplicitACLCategories). A script that only reads is not among the commands that read.
func (c *Command) AllCategories() Categories {
	all := c.Categories
	for _, rule := range implied {
		if c.Has(rule.flag) && (rule.flag != ReadOnly || c.Categories&CategoryScripting == 0) {
			all |= rule.categories
		}
	}
	if !c.Has(Fast) {
		all |= CategorySlow
	}
	return all
}

// equalFold tells whether word is name, which is lower case, but for its case.
func equalFold(word []byte, name string) bool {
	if len(word) != len(name) {
		return false
	}
	for i, c := range word {
		if lower(c) != name[i] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
