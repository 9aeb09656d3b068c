package sentinel

import (
	"slices"
	"strings"

	"clusterplay/node/resp"
)

// confFile is a file that is being rewritten (rewriteConfigState).
type confFile struct {
	lines  []string
	places map[string][]int // where an option stands, line by line, as far as not used again
	known  map[string]bool  // options of which we say all there is to say
	signed bool
}

// openConf reads the lines and notes where each option stands.
func openConf(old []byte) *confFile {
	f := &confFile{places: map[string][]int{}, known: map[string]bool{}}
	if len(old) == 0 {
		return f
	}
	for i, line := range strings.Split(string(old), "\n") {
		line = strings.Trim(line, " \t\r\n")
		f.lines = append(f.lines, line)
		f.signed = f.signed || line == signature
		if line == "" || line[0] == '#' {
			continue
		}
		if option := optionOf(line); option != "" {
			f.places[option] = append(f.places[option], i)
		}
	}
	return f
}

// optionOf names what a line is about: "port", "sentinel monitor". Lines that cannot be read have
// no name and stay.
func optionOf(line string) string {
	words, ok := resp.SplitLine(nil, []byte(line))
	if !ok || len(words) == 0 {
		return ""
	}
	option := strings.ToLower(string(words[0]))
	if option != "sentinel" || len(words) < 2 {
		return option
	}
	sub := strings.ToLower(string(words[1]))
	if sub == "known-slave" { // its former name; Redis leaves such a line and adds another
		sub = "known-replica"
	}
	return "sentinel " + sub
}

// know says that what stands about an option and is not used again is no longer true.
func (f *confFile) know(option string) { f.known[option] = true }

// has reports whether the file said something about an option.
func (f *confFile) has(option string) bool { return len(f.places[option]) > 0 }

// put writes a sentinel line when it is to be there; otherwise its old ones go.
func (f *confFile) put(there bool, option string, words ...string) {
	for i, w := range words {
		words[i] = quoteIfNeeded(w)
	}
	f.putRaw(there, "sentinel "+option, strings.Join(words, " "))
}

// putSwitch writes a yes or a no when it differs from the default or stood there before.
func (f *confFile) putSwitch(option string, value, initial bool) {
	text := "no"
	if value {
		text = "yes"
	}
	f.putRaw(value != initial || f.has("sentinel "+option), "sentinel "+option, text)
}

// putKept adds a line unless the file has one about the option, which then stays as it is.
func (f *confFile) putKept(option, value string) {
	if !f.has(option) {
		f.putRaw(true, option, value)
		return
	}
	delete(f.places, option)
}

// putRaw writes a line in the first place where its option stood, or at the end.
func (f *confFile) putRaw(there bool, option, value string) {
	f.know(option)
	if !there {
		return
	}
	line := option + " " + value
	if old := f.places[option]; len(old) > 0 {
		f.lines[old[0]] = line
		f.places[option] = old[1:]
		return
	}
	if !f.signed {
		f.signed = true
		f.lines = append(f.lines, signature)
	}
	f.lines = append(f.lines, line)
}

// close blanks what is no longer true and returns the text. Of blank lines in a row one stays.
func (f *confFile) close() []byte {
	for option := range f.known {
		for _, i := range f.places[option] {
			f.lines[i] = ""
		}
	}
	f.lines = slices.CompactFunc(f.lines, func(a, b string) bool { return a == "" && b == "" })
	return []byte(strings.Join(f.lines, "\n") + "\n")
}
