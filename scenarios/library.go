package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed lessons
var lessonFiles embed.FS

// Library is the lessons that come with the playground, parsed, in the order of their folders.
type Library struct {
	chapters []chapter
}

// chapter is one lesson in all its languages.
type chapter struct {
	id       string
	versions map[string]*Lesson
}

// Summary is one line of a list of lessons.
type Summary struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Level     int      `json:"level"`
	Minutes   int      `json:"minutes"`
	Languages []string `json:"languages"`
}

// NewLibrary parses the built-in lessons. An error names the file and line.
func NewLibrary() (*Library, error) { return loadLibrary(lessonFiles, "lessons") }

func loadLibrary(files fs.FS, root string) (*Library, error) {
	folders, err := fs.ReadDir(files, root)
	if err != nil {
		return nil, fmt.Errorf("list lessons: %w", err)
	}
	lib := &Library{}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		c, err := loadChapter(files, path.Join(root, folder.Name()))
		if err != nil {
			return nil, err
		}
		lib.chapters = append(lib.chapters, c)
	}
	return lib, nil
}

func loadChapter(files fs.FS, dir string) (chapter, error) {
	c := chapter{versions: map[string]*Lesson{}}
	names, err := fs.Glob(files, path.Join(dir, "*.md"))
	if err != nil {
		return c, err
	}
	for _, name := range names {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return c, fmt.Errorf("read %s: %w", name, err)
		}
		language := strings.TrimSuffix(path.Base(name), ".md")
		lesson, err := Parse(name, language, source)
		if err != nil {
			return c, err
		}
		if c.id != "" && c.id != lesson.ID {
			return c, &Problem{name, 2, "id differs from the other language's, " + c.id, "id: " + c.id}
		}
		c.id, c.versions[language] = lesson.ID, lesson
	}
	return c, nil
}

// List names the lessons in a language, falling back to English.
func (l *Library) List(language string) []Summary {
	var out []Summary
	for _, c := range l.chapters {
		lesson := c.in(language)
		s := Summary{ID: lesson.ID, Title: lesson.Title, Level: lesson.Level, Minutes: lesson.Minutes}
		for name := range c.versions {
			s.Languages = append(s.Languages, name)
		}
		slices.Sort(s.Languages)
		out = append(out, s)
	}
	return out
}

// Get is the lesson with that id in a language, falling back to English; nil when there is none.
func (l *Library) Get(id, language string) *Lesson {
	for _, c := range l.chapters {
		if c.id == id {
			return c.in(language)
		}
	}
	return nil
}

func (c chapter) in(language string) *Lesson {
	if lesson, ok := c.versions[language]; ok {
		return lesson
	}
	return c.versions["en"]
}
