package acl

import (
	"maps"
	"slices"

	"clusterplay/node/command"
)

// selector is one set of permissions. A user may do what any one of their selectors allows as a whole.
type selector struct {
	allCommands bool // nothing was taken away since +@all
	allKeys     bool
	allChannels bool

	future   bool             // the rules began with +@all: described by what is missing
	commands []uint64         // a bit for each command and subcommand, at its ID
	first    map[int][]string // by ID: first arguments with which a denied command is allowed
	keys     []keyPattern
	channels []channelPattern
}

// access is what a pattern of keys allows.
type access uint8

const (
	read access = 1 << iota
	write
	readWrite = read | write
)

// keyPattern allows an access to the keys that match.
type keyPattern struct {
	text   string
	access access
	glob   *command.Glob
}

// channelPattern allows the channels that match, and the pattern itself to PSUBSCRIBE.
type channelPattern struct {
	text string
	glob *command.Glob
}

// newSelector is a selector that allows nothing but, with open, every channel.
func (u *Users) newSelector() selector {
	return selector{commands: make([]uint64, (u.table.Size()+63)/64), allChannels: u.open}
}

// clone is a copy that shares nothing that changes.
func (s *selector) clone() selector {
	c := *s
	c.commands = slices.Clone(s.commands)
	c.keys = slices.Clone(s.keys)
	c.channels = slices.Clone(s.channels)
	c.first = maps.Clone(s.first)
	for id, args := range c.first {
		c.first[id] = slices.Clone(args)
	}
	return c
}

// free tells that nothing at all is forbidden.
func (s *selector) free() bool { return s.allCommands && s.allKeys && s.allChannels }

func (s *selector) has(id int) bool { return s.commands[id/64]&(1<<(id%64)) != 0 }

// set allows or forbids one command alone (ACLSetSelectorCommandBit).
func (s *selector) set(id int, allow bool) {
	if allow {
		s.commands[id/64] |= 1 << (id % 64)
		return
	}
	s.commands[id/64] &^= 1 << (id % 64)
	s.allCommands = false
}

// change allows or forbids a command with all its subcommands (ACLChangeSelectorPerm).
func (s *selector) change(cmd *command.Command, allow bool) {
	s.set(cmd.ID, allow)
	delete(s.first, cmd.ID)
	for _, sub := range cmd.Subcommands {
		s.set(sub.ID, allow)
	}
}

// all allows or forbids every command, those to come included.
func (s *selector) all(allow bool) {
	bits := uint64(0)
	if allow {
		bits = ^bits
	}
	for i := range s.commands {
		s.commands[i] = bits
	}
	s.allCommands, s.future, s.first = allow, allow, nil
}

// category allows or forbids the commands of some categories.
func (s *selector) category(t *command.Table, in command.Categories, allow bool) {
	for id := range t.Size() {
		if cmd := t.ByID(id); cmd.AllCategories()&in != 0 {
			s.change(cmd, allow)
		}
	}
}

// addFirst allows a denied command with one first argument; case does not matter.
func (s *selector) addFirst(id int, arg string) {
	if slices.ContainsFunc(s.first[id], func(old string) bool { return same(old, arg) }) {
		return
	}
	if s.first == nil {
		s.first = map[int][]string{}
	}
	s.first[id] = append(s.first[id], arg)
}

// addKeys allows an access to the keys that match; the same pattern twice is one with both.
func (s *selector) addKeys(pattern string, allowed access) {
	s.allKeys = false
	for i := range s.keys {
		if s.keys[i].text == pattern {
			s.keys[i].access |= allowed
			return
		}
	}
	s.keys = append(s.keys, keyPattern{pattern, allowed, command.ReadGlob([]byte(pattern), false)})
}

func (s *selector) addChannels(pattern string) {
	s.allChannels = false
	if slices.ContainsFunc(s.channels, func(old channelPattern) bool { return old.text == pattern }) {
		return
	}
	s.channels = append(s.channels, channelPattern{pattern, command.ReadGlob([]byte(pattern), false)})
}
