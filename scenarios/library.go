package scenarios

import (
	"embed"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed lessons
var lessonFiles embed.FS

// Origins say where a lesson comes from.
const (
	OriginBuiltIn = "built-in"
	OriginFolder  = "folder" // of the person who started the console
	OriginUpload  = "upload" // dropped on the page
)

// maxUploads is how many uploaded lessons a console keeps; the oldest makes room.
const maxUploads = 20

// Library is the lessons there are, parsed: those that come with the playground in the order of their
// folders, then those of a folder, then those that somebody brought.
type Library struct {
	mu       sync.RWMutex
	chapters []chapter
}

// chapter is one lesson in all its languages.
type chapter struct {
	id       string
	origin   string
	folder   string // where its files lie; of one that was brought, nowhere
	versions map[string]*Lesson
}

// Summary is one line of a list of lessons.
type Summary struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Summary   string   `json:"summary,omitempty"`
	Level     int      `json:"level"`
	Minutes   int      `json:"minutes"`
	Languages []string `json:"languages"`
	Steps     int      `json:"steps"`   // live fences: what a page counts as done
	Quizzes   int      `json:"quizzes"` // of these: questions
	Nodes     int      `json:"nodes"`   // of the lab it wants
	Origin    string   `json:"origin"`
}

// NewLibrary parses the built-in lessons. An error names the file and line.
func NewLibrary() (*Library, error) {
	lib := &Library{}
	return lib, lib.load(source{files: lessonFiles, root: "lessons", origin: OriginBuiltIn})
}

// LanguageOf is the language of a file: what its name says (en.md, talk.zh.md), else Chinese when its
// text has Chinese characters in good number, else English.
func LanguageOf(name string, source []byte) string {
	base := strings.TrimSuffix(path.Base(strings.ReplaceAll(name, `\`, "/")), ".md")
	for _, language := range languages {
		if base == language || strings.HasSuffix(base, "."+language) {
			return language
		}
	}
	han := 0
	for _, r := range string(source[:min(len(source), maxLessonBytes)]) {
		if unicode.Is(unicode.Han, r) {
			han++
		}
	}
	if han > 40 {
		return "zh"
	}
	return "en"
}

// put adds a chapter, in the place of one with the same id.
func (l *Library) put(c chapter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.IndexFunc(l.chapters, func(other chapter) bool { return other.id == c.id }); i >= 0 {
		l.chapters[i] = c
		return
	}
	l.chapters = append(l.chapters, c)
}

// Bring reads a lesson that somebody brought and adds it under an id of its own; another language of
// one that is there already joins it. Without a language the file's name and text tell it.
func (l *Library) Bring(file, language string, source []byte) (*Lesson, error) {
	if !slices.Contains(languages, language) {
		language = LanguageOf(file, source)
	}
	lesson, err := ParseForeign(file, language, source)
	if err != nil {
		return nil, err
	}
	lesson.ID = "brought-" + lesson.ID
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.IndexFunc(l.chapters, func(c chapter) bool { return c.id == lesson.ID })
	if at >= 0 {
		versions := map[string]*Lesson{lesson.Language: lesson}
		for language, other := range l.chapters[at].versions {
			if language != lesson.Language && len(Compare(lesson, other)) == 0 {
				versions[language] = other
			}
		}
		l.chapters[at].versions = versions
		return lesson, nil
	}
	l.makeRoom()
	l.chapters = append(l.chapters, chapter{id: lesson.ID, origin: OriginUpload, versions: map[string]*Lesson{lesson.Language: lesson}})
	return lesson, nil
}

// makeRoom drops the oldest uploads. The caller holds mu.
func (l *Library) makeRoom() {
	for {
		uploads := 0
		for _, c := range l.chapters {
			if c.origin == OriginUpload {
				uploads++
			}
		}
		if uploads < maxUploads {
			return
		}
		oldest := slices.IndexFunc(l.chapters, func(c chapter) bool { return c.origin == OriginUpload })
		l.chapters = slices.Delete(l.chapters, oldest, oldest+1)
	}
}

// List names the lessons in a language, falling back to another they have.
func (l *Library) List(language string) []Summary {
	l.mu.RLock()
	defer l.mu.RUnlock()
	out := []Summary{}
	for _, c := range l.chapters {
		lesson := c.in(language)
		s := Summary{
			ID: c.id, Title: lesson.Title, Summary: lesson.Summary, Level: lesson.Level, Minutes: lesson.Minutes,
			Nodes: lesson.Nodes(), Origin: c.origin, Languages: c.languages(),
		}
		for _, b := range live(lesson) {
			s.Steps++
			if b.Kind == KindQuiz {
				s.Quizzes++
			}
		}
		out = append(out, s)
	}
	return out
}

// Only is a library of the one lesson with that id; nil when there is none.
func (l *Library) Only(id string) *Library {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, c := range l.chapters {
		if c.id == id {
			return &Library{chapters: []chapter{c}}
		}
	}
	return nil
}

// Get is the lesson with that id in a language, falling back to another it has; nil when there is none.
func (l *Library) Get(id, language string) *Lesson {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, c := range l.chapters {
		if c.id == id {
			return c.in(language)
		}
	}
	return nil
}

func (c chapter) languages() []string {
	var out []string
	for name := range c.versions {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (c chapter) in(language string) *Lesson {
	for _, name := range append([]string{language, "en"}, c.languages()...) {
		if lesson, ok := c.versions[name]; ok {
			return lesson
		}
	}
	return nil
}
