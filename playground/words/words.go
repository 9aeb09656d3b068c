// Package words holds every sentence that people read on the page, by id, in every language.
//
// The sentences stand in active.LANG.toml. {{.Name}} in one is an argument. An argument that begins
// with "@" is itself an id: "@reason.voted-recently" becomes the words for that reason.
package words

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed active.*.toml
var files embed.FS

// Languages are the languages there are; the first is the one everything falls back to.
var Languages = []string{"en", "zh"}

// reference marks an argument that is the id of another sentence.
const reference = "@"

var (
	matcher = language.NewMatcher(tags())
	spoken  = spokenWords()
)

// Args are the arguments of a sentence by name.
type Args map[string]string

// Words says sentences in one language.
type Words struct {
	language  string
	localizer func() *i18n.Localizer // read when the first sentence is said: each catalogue takes a megabyte
}

func tags() []language.Tag {
	var out []language.Tag
	for _, name := range Languages {
		out = append(out, language.MustParse(name))
	}
	return out
}

// load reads a catalogue; it is part of the program, so a mistake in it is a bug.
func load(name string) *i18n.Localizer {
	b := i18n.NewBundle(language.MustParse(name))
	b.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	if _, err := b.LoadMessageFileFS(files, "active."+name+".toml"); err != nil {
		panic(fmt.Sprintf("words: %v", err))
	}
	return i18n.NewLocalizer(b, name)
}

func spokenWords() map[string]*Words {
	all := map[string]*Words{}
	for _, name := range Languages {
		all[name] = &Words{name, sync.OnceValue(func() *i18n.Localizer { return load(name) })}
	}
	return all
}

// In gives the words of a language; of an unknown one, the first language's.
func In(name string) *Words {
	if w, ok := spoken[name]; ok {
		return w
	}
	return spoken[Languages[0]]
}

// Match picks the language that fits best: asked is what a person chose, accept what a browser
// sends as Accept-Language. Either may be empty.
func Match(asked, accept string) string {
	if slices.Contains(Languages, asked) {
		return asked
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(wanted) == 0 {
		return Languages[0]
	}
	_, i, confidence := matcher.Match(wanted...)
	if confidence == language.No {
		return Languages[0]
	}
	return Languages[i]
}

// Language is the code of the language, such as "en".
func (w *Words) Language() string { return w.language }

// Say is the sentence with that id. An id that no catalogue has is a mistake of ours; it is shown
// as it stands, so that it is seen.
func (w *Words) Say(id string, args Args) string {
	text, err := w.localizer().Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: w.resolved(args)})
	switch first := In(""); {
	case err == nil:
		return text
	case w != first:
		return first.Say(id, args)
	}
	return id
}

// resolved replaces the arguments that are references by their words.
func (w *Words) resolved(args Args) Args {
	out := maps.Clone(args)
	for name, value := range out {
		if id, ok := strings.CutPrefix(value, reference); ok {
			out[name] = w.named(id)
		}
	}
	return out
}

// named is the sentence with that id, or for a code that has none the code with spaces: "bad-length"
// becomes "bad length".
func (w *Words) named(id string) string {
	if text := w.Say(id, nil); text != id {
		return text
	}
	return strings.ReplaceAll(id[strings.LastIndexByte(id, '.')+1:], "-", " ")
}

// Catalogue is every sentence of a language by id, as written: the page fills in the arguments.
func Catalogue(name string) (map[string]string, error) {
	data, err := files.ReadFile("active." + name + ".toml")
	if err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		return nil, fmt.Errorf("words: %s: %w", name, err)
	}
	flat := map[string]string{}
	return flat, flatten(flat, "", tree)
}

// flatten turns nested tables into dotted ids.
func flatten(into map[string]string, prefix string, tree map[string]any) error {
	for name, value := range tree {
		switch v := value.(type) {
		case string:
			into[prefix+name] = v
		case map[string]any:
			if err := flatten(into, prefix+name+".", v); err != nil {
				return err
			}
		default:
			return fmt.Errorf("words: %s%s is neither a sentence nor a table", prefix, name)
		}
	}
	return nil
}
