package aof

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"clusterplay/node/resp"
)

// The types of a file in the manifest.
const (
	baseType    = 'b' // the data of one moment
	historyType = 'h' // replaced by a newer base, to be deleted
	incrType    = 'i' // the changes since
)

// File is one line of a manifest.
type File struct {
	Name string
	Seq  int64
}

// Manifest says which files a log is made of. The zero Manifest is a log that does not exist yet.
type Manifest struct {
	Base    File   // without a name there is none
	History []File // the newest first
	Incr    []File // in the order in which they were written

	baseSeq, incrSeq int64 // the last numbers given out
}

// Empty reports whether the manifest names no data.
func (m *Manifest) Empty() bool { return m.Base.Name == "" && len(m.Incr) == 0 }

// Files are the names of the files that hold the data, in the order in which they are read.
func (m *Manifest) Files() (names []string) {
	if m.Base.Name != "" {
		names = append(names, m.Base.Name)
	}
	for _, f := range m.Incr {
		names = append(names, f.Name)
	}
	return names
}

// clone is a copy that may be changed without m.
func (m *Manifest) clone() Manifest {
	c := *m
	c.History, c.Incr = slices.Clone(m.History), slices.Clone(m.Incr)
	return c
}

// newBase names a new base; the one before it becomes history.
func (m *Manifest) newBase(prefix, suffix string) {
	if m.Base.Name != "" {
		m.History = slices.Insert(m.History, 0, m.Base)
	}
	m.baseSeq++
	m.Base = File{fmt.Sprintf("%s.%d.base.%s", prefix, m.baseSeq, suffix), m.baseSeq}
}

// newIncr names a new increment.
func (m *Manifest) newIncr(prefix string) {
	m.incrSeq++
	m.Incr = append(m.Incr, File{fmt.Sprintf("%s.%d.incr.aof", prefix, m.incrSeq), m.incrSeq})
}

// rewritten makes history of every increment but the last keep of them, the newest first.
func (m *Manifest) rewritten(keep int) {
	old := m.Incr[:len(m.Incr)-keep]
	for i := len(old) - 1; i >= 0; i-- {
		m.History = slices.Insert(m.History, 0, old[i])
	}
	m.Incr = slices.Clone(m.Incr[len(m.Incr)-keep:])
}

// text is the manifest as it stands in its file.
func (m *Manifest) text() []byte {
	var b []byte
	line := func(f File, kind byte) {
		name := f.Name
		if needsQuotes(name) {
			name = string(resp.AppendQuoted(nil, []byte(name)))
		}
		b = fmt.Appendf(b, "file %s seq %d type %c\n", name, f.Seq, kind)
	}
	if m.Base.Name != "" {
		line(m.Base, baseType)
	}
	for _, f := range m.History {
		line(f, historyType)
	}
	for _, f := range m.Incr {
		line(f, incrType)
	}
	return b
}

// needsQuotes tells a name that would not be read back as one word (sdsneedsrepr).
func needsQuotes(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool {
		return r == '\\' || r == '"' || r == '\'' || r <= ' ' || r >= 0x7f
	})
}

// maxLine is the longest line of a manifest, its end included (MANIFEST_MAX_LINE).
const maxLine = 1024

// ManifestError is what is wrong with a manifest.
type ManifestError struct {
	Line int    // from 1; 0 when there is none
	Text string // the line
	Why  string // in Redis' words
}

// Error is the whole sentence.
func (e *ManifestError) Error() string {
	if e.Line == 0 {
		return e.Why
	}
	return fmt.Sprintf("%s, at line %d: %q", e.Why, e.Line, e.Text)
}

// ParseManifest reads a manifest as strictly as Redis does (aofLoadManifestFromFile).
func ParseManifest(text []byte) (Manifest, error) {
	var m Manifest
	if len(text) == 0 {
		return m, &ManifestError{Why: "Found an empty AOF manifest"}
	}
	for n := 1; len(text) > 0; n++ {
		line, rest, ended := bytes.Cut(text, []byte("\n"))
		why := ""
		switch {
		case len(line) > 0 && line[0] == '#':
		case !ended || len(line) >= maxLine:
			why = "The AOF manifest file contains too long line"
		default:
			why = m.readLine(bytes.Trim(line, " \t\r"))
		}
		if why != "" {
			return m, &ManifestError{Line: n, Text: string(line[:min(len(line), maxLine)]), Why: why}
		}
		text = rest
	}
	return m, nil
}

const errManifestFormat = "Invalid AOF manifest file format"

// readLine takes over one line, or says what is wrong with it. Unknown pairs are passed over.
func (m *Manifest) readLine(line []byte) (why string) {
	words, ok := resp.SplitLine(nil, line)
	if !ok || len(words) < 6 || len(words)%2 != 0 {
		return errManifestFormat
	}
	var f File
	var kind byte
	for i := 0; i < len(words); i += 2 {
		value := string(words[i+1])
		switch strings.ToLower(string(words[i])) {
		case "file":
			if strings.ContainsAny(value, "/\\") {
				return "File can't be a path, just a filename"
			}
			f.Name = value
		case "seq":
			f.Seq, _ = strconv.ParseInt(value, 10, 64)
		case "type":
			if value != "" {
				kind = value[0]
			}
		}
	}
	if f.Name == "" || f.Seq == 0 || kind == 0 {
		return errManifestFormat
	}
	return m.add(f, kind)
}

// add takes a file into its list.
func (m *Manifest) add(f File, kind byte) (why string) {
	switch kind {
	case baseType:
		if m.Base.Name != "" {
			return "Found duplicate base file information"
		}
		m.Base, m.baseSeq = f, f.Seq
	case historyType:
		m.History = append(m.History, f)
	case incrType:
		if f.Seq <= m.incrSeq {
			return "Found a non-monotonic sequence number"
		}
		m.Incr, m.incrSeq = append(m.Incr, f), f.Seq
	default:
		return "Unknown AOF file type"
	}
	return ""
}
