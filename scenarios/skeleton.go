package scenarios

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed skeleton
var skeletons embed.FS

// Skeleton is the text of a small lesson that passes, for an author to begin with.
func Skeleton(id, language string) ([]byte, error) {
	switch {
	case !idPattern.MatchString(id):
		return nil, fmt.Errorf("%q cannot be a lesson's id: use small letters, digits and hyphens, such as a-master-dies", id)
	case !slices.Contains(languages, language):
		return nil, fmt.Errorf("there are no lessons in %q: the languages are %s", language, strings.Join(languages, " and "))
	}
	text, err := skeletons.ReadFile("skeleton/" + language + ".md")
	return bytes.Replace(text, []byte("id: ID\n"), []byte("id: "+id+"\n"), 1), err
}

// Languages are those that lessons are written in.
func Languages() []string { return slices.Clone(languages) }
