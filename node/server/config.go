package server

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// fixity says whether a parameter may change while the server runs.
type fixity uint8

const (
	live      fixity = iota // CONFIG SET works
	immutable               // fixed at start
	opened                  // given at start; another value is refused as a port that cannot be opened
	protected               // fixed unless enable-protected-configs says who may change it
	outside                 // as live, and the process around this server has to do something for it
	told                    // as live, and the process around this server hears of it, if there is one
	idle                    // taken and shown; what it tunes in Redis has no counterpart here
	absent                  // known by name; what it governs does not exist here, so only the default is accepted
)

// parameter is one row of the table of redis.conf names.
type parameter struct {
	name, alias string
	initial     string
	kind        valueKind
	fixity      fixity
}

// parameters is the whole table in the order CONFIG GET prints it, and what it does not print.
var parameters = slices.Concat(parametersToL, parametersFromM, parametersHidden)

// hidden tells a parameter that no pattern finds.
func hidden(at int) bool { return at >= len(parameters)-len(parametersHidden) }

// parameterIndex finds a parameter by name or alias.
var parameterIndex = indexParameters()

func indexParameters() map[string]int {
	index := make(map[string]int, len(parameters)*2)
	for i, p := range parameters {
		index[p.name] = i
		if p.alias != "" {
			index[p.alias] = i
		}
	}
	return index
}

// setting is a parameter's present value.
type setting struct {
	text string
	n    int64
}

// settings holds every parameter's present value, in the order of parameters.
type settings []setting

// newSettings applies the names given at birth to the defaults. Every parameter except an absent
// one may be given; a wrong one is an operator's mistake and names itself.
func newSettings(given map[string]string) (settings, error) {
	s := make(settings, len(parameters))
	for i, p := range parameters {
		s[i].text, s[i].n, _ = p.kind(p.initial)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if err := s.atBirth(name, given[name]); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// atBirth takes a value given at birth.
func (s settings) atBirth(name, text string) error {
	i, ok := parameterIndex[strings.ToLower(name)]
	if !ok {
		return fmt.Errorf("setting %q: no such parameter in Redis 7.0", name)
	}
	p := parameters[i]
	canonical, n, refusal := p.kind(text)
	if refusal != "" {
		return fmt.Errorf("setting %s %q: %s", p.name, text, refusal)
	}
	if p.fixity == absent && canonical != s[i].text {
		return fmt.Errorf("setting %s %q: %s", p.name, text, absentReason)
	}
	s[i] = setting{canonical, n}
	return nil
}

// text returns a parameter's value; an unknown name is a mistake in the program.
func (s settings) text(name string) string { return s[parameterIndex[name]].text }

// number returns a numeric parameter's value.
func (s settings) number(name string) int64 { return s[parameterIndex[name]].n }

// yes reports whether a yes/no parameter is on.
func (s settings) yes(name string) bool { return s[parameterIndex[name]].n == 1 }

// DefaultSetting is a parameter's value when a redis.conf does not name it.
func DefaultSetting(name string) string {
	p := parameters[parameterIndex[name]]
	text, _, _ := p.kind(p.initial)
	return text
}

// Setting returns a configuration parameter by its redis.conf name.
func (s *Server) Setting(name string) string { return s.settings.text(name) }

// SettingInt returns a numeric configuration parameter.
func (s *Server) SettingInt(name string) int64 { return s.settings.number(name) }
