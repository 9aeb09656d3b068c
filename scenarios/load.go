package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// languages are those that lessons are written in.
var languages = []string{"en", "zh"}

// Open reads the lessons at a path of this computer: one Markdown file, the folder of one lesson with
// en.md and zh.md, or a folder of such. What is wrong with their texts comes as Problems, beside the
// lessons that can be read.
func Open(name string) (*Library, error) {
	lib := &Library{}
	info, err := os.Stat(name)
	if err != nil {
		return lib, fmt.Errorf("open the lessons: %w", err)
	}
	dir, only := name, ""
	if !info.IsDir() {
		dir, only = filepath.Split(name)
	}
	root, err := os.OpenRoot(cmp.Or(dir, "."))
	if err != nil {
		return lib, fmt.Errorf("open the lessons: %w", err)
	}
	defer root.Close()
	s := source{files: root.FS(), root: ".", shown: dir, origin: OriginFolder}
	if only != "" {
		return lib, lib.add(s, [][]string{{only}})
	}
	return lib, lib.load(s)
}

// AddFolder adds the lessons of a folder, as Open finds them. A lesson with the id of another takes
// its place.
func (l *Library) AddFolder(dir string) error {
	other, err := Open(dir)
	if err != nil {
		return err
	}
	for _, c := range other.chapters {
		l.put(c)
	}
	return nil
}

// source is where lessons are read from.
type source struct {
	files       fs.FS
	root, shown string // the folder, and what stands before a file's name in messages
	origin      string
}

func (s source) show(name string) string { return filepath.Join(s.shown, filepath.FromSlash(name)) }

// load adds what lies in a source's folder.
func (l *Library) load(s source) error {
	groups, err := s.groups()
	if err != nil {
		return err
	}
	if len(groups) == 0 {
		return fmt.Errorf("%s holds no lesson: a lesson is a folder with en.md and zh.md, or one Markdown file", cmp.Or(s.shown, s.root))
	}
	return l.add(s, groups)
}

// groups are the files of the source, those of one lesson together.
func (s source) groups() ([][]string, error) {
	entries, err := fs.ReadDir(s.files, s.root)
	if err != nil {
		return nil, fmt.Errorf("list lessons: %w", err)
	}
	var groups [][]string
	loose := map[string]int{} // by what the names of one lesson have in common, the group
	for _, entry := range entries {
		name := path.Join(s.root, entry.Name())
		if entry.IsDir() {
			if inner := s.texts(name); len(inner) > 0 {
				groups = append(groups, inner)
			}
			continue
		}
		if !isText(entry) {
			continue
		}
		stem := withoutLanguage(entry.Name())
		if at, ok := loose[stem]; ok {
			groups[at] = append(groups[at], name)
			continue
		}
		loose[stem] = len(groups)
		groups = append(groups, []string{name})
	}
	return groups, nil
}

// texts are the lesson's files in a folder.
func (s source) texts(dir string) (names []string) {
	entries, _ := fs.ReadDir(s.files, dir) // a folder that cannot be read holds no lesson
	for _, entry := range entries {
		if isText(entry) {
			names = append(names, path.Join(dir, entry.Name()))
		}
	}
	return names
}

func isText(entry fs.DirEntry) bool {
	name := entry.Name()
	return !entry.IsDir() && path.Ext(name) == ".md" && !strings.HasPrefix(strings.ToLower(name), "readme")
}

// withoutLanguage is what en.md and zh.md, or talk.en.md and talk.zh.md, have in common.
func withoutLanguage(name string) string {
	stem := strings.TrimSuffix(name, ".md")
	for _, language := range languages {
		if stem == language {
			return ""
		}
		if short, ok := strings.CutSuffix(stem, "."+language); ok {
			return short + "."
		}
	}
	return name
}

// add reads the lessons of groups of files. All that is wrong with them is told at once.
func (l *Library) add(s source, groups [][]string) error {
	var all Problems
	taken := map[string]string{}
	for _, names := range groups {
		c, err := s.chapter(names)
		var problems Problems
		switch {
		case errors.As(err, &problems):
			all = append(all, problems...)
			continue
		case err != nil:
			return err
		}
		if first := c.in("en"); taken[c.id] != "" {
			line, column := keyPlace(first.head, "id")
			all = append(all, &Problem{first.Source, line, column, "the id " + c.id + " is that of " + taken[c.id], "id: another-name"})
		} else {
			taken[c.id] = first.Source
		}
		l.put(c)
	}
	if len(all) > 0 {
		return all
	}
	return nil
}

// chapter reads one lesson in all its languages.
func (s source) chapter(names []string) (chapter, error) {
	c := chapter{origin: s.origin, versions: map[string]*Lesson{}, folder: filepath.Join(s.shown, path.Dir(names[0]))}
	var all Problems
	for _, name := range names {
		text, err := fs.ReadFile(s.files, name)
		if err != nil {
			return c, fmt.Errorf("read %s: %w", s.show(name), err)
		}
		lesson, err := Parse(s.show(name), LanguageOf(name, text), text)
		var problems Problems
		if errors.As(err, &problems) {
			all = append(all, problems...)
			continue
		}
		if c.id != "" && c.id != lesson.ID {
			line, column := keyPlace(lesson.head, "id")
			all = append(all, &Problem{lesson.Source, line, column, "id differs from the other language's, " + c.id, "id: " + c.id})
		}
		c.id, c.versions[lesson.Language] = lesson.ID, lesson
	}
	if len(all) > 0 {
		return c, all
	}
	return c, nil
}

// Lint is what is wrong with lessons that can be read: each by itself, and the languages of one held
// against each other.
func (l *Library) Lint() Problems {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var all Problems
	for _, c := range l.chapters {
		first := c.in("en")
		for _, language := range c.languages() {
			lesson := c.versions[language]
			all = append(all, Lint(lesson, c.holds)...)
			if lesson != first {
				all = append(all, Compare(first, lesson)...)
			}
		}
	}
	return all
}

// holds tells whether a file stands beside the lesson.
func (c chapter) holds(name string) bool {
	if !fs.ValidPath(name) || c.origin == OriginUpload {
		return false
	}
	if c.origin == OriginBuiltIn {
		_, err := fs.Stat(lessonFiles, path.Join(filepath.ToSlash(c.folder), name))
		return err == nil
	}
	_, err := os.Stat(filepath.Join(c.folder, filepath.FromSlash(name)))
	return err == nil
}
