package scenarios

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shelf writes files below a folder of their own; what they hold is a small lesson with that id.
func shelf(t *testing.T, ids map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, id := range ids {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
		require.NoError(t, os.WriteFile(file, []byte(strings.Replace(smallLesson, "id: small", "id: "+id, 1)), 0o600))
	}
	return dir
}

// found are the lessons of a library with their languages: "a:en zh".
func found(l *Library) (out []string) {
	for _, s := range l.List("en") {
		out = append(out, s.ID+":"+strings.Join(s.Languages, " "))
	}
	return out
}

func TestLessonsAreFoundAsPeopleKeepThem(t *testing.T) {
	dir := shelf(t, map[string]string{
		"010-a/en.md": "a", "010-a/zh.md": "a", "010-a/README.md": "not-read",
		"b.en.md": "b", "b.zh.md": "b", "c.md": "c", "readme.md": "not-read", "notes.txt": "not-read", "empty/x.txt": "not-read",
	})
	tests := []struct {
		path string
		want []string
	}{
		{".", []string{"a:en zh", "b:en zh", "c:en"}},
		{"010-a", []string{"a:en zh"}},
		{"010-a/zh.md", []string{"a:zh"}},
		{"c.md", []string{"c:en"}},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			lib, err := Open(filepath.Join(dir, filepath.FromSlash(tt.path)))
			require.NoError(t, err)
			require.Equal(t, tt.want, found(lib))
		})
	}
	_, err := Open(filepath.Join(dir, "empty"))
	require.ErrorContains(t, err, "holds no lesson")
	_, err = Open(filepath.Join(dir, "none"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestAFolderOfLessonsStandsBesideTheBuiltInOnes(t *testing.T) {
	lib, err := NewLibrary()
	require.NoError(t, err)
	before := len(lib.List("en"))
	require.NoError(t, lib.AddFolder(shelf(t, map[string]string{"x.md": "mine", "y.md": "a-master-dies"})))
	require.Len(t, lib.List("en"), before+1)
	require.Equal(t, "Small", lib.Get("a-master-dies", "en").Title, "it takes the place of the one with its id")
}

func TestAllThatIsWrongOnAShelfIsNamed(t *testing.T) {
	dir := shelf(t, map[string]string{"a.md": "same", "b.md": "same", "c/en.md": "one", "c/zh.md": "other"})
	require.NoError(t, os.WriteFile(filepath.Join(dir, "d.md"), []byte("no lesson"), 0o600))
	lib, err := Open(dir)
	var problems Problems
	require.ErrorAs(t, err, &problems)
	text := problems.Error()
	require.Contains(t, text, filepath.Join(dir, "b.md")+":2:1: the id same is that of "+filepath.Join(dir, "a.md"))
	require.Contains(t, text, filepath.Join(dir, "c", "zh.md")+":2:1: id differs from the other language's, one")
	require.Contains(t, text, filepath.Join(dir, "d.md")+":1:1: the lesson has no front matter")
	require.Len(t, problems, 3)
	require.Equal(t, []string{"same:en"}, found(lib), "the rest can be read")
}

func TestALinkMayLeadToAFileBesideTheLesson(t *testing.T) {
	dir := shelf(t, map[string]string{"a/en.md": "a", "a/more.txt": "a"})
	text := strings.Replace(smallLesson, "[trick](javascript:alert(1))", "[more](more.txt) and [none](../a/none.txt)", 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a", "en.md"), []byte(text), 0o600))
	lib, err := Open(dir)
	require.NoError(t, err)
	problems := lib.Lint()
	require.Len(t, problems, 1, problems.Error())
	require.Contains(t, problems[0].Message, "../a/none.txt")
}

func TestASkeletonIsALessonInEachLanguage(t *testing.T) {
	texts := map[string]*Lesson{}
	for _, language := range Languages() {
		text, err := Skeleton("mine", language)
		require.NoError(t, err)
		texts[language], err = ParseForeign(language+".md", language, text)
		require.NoError(t, err, "it does nothing that a stranger's may not")
		require.Equal(t, "mine", texts[language].ID)
		require.Empty(t, Lint(texts[language], nil))
	}
	require.Empty(t, Compare(texts["en"], texts["zh"]))
	for _, id := range []string{"", "Mine", "../x", "a b"} {
		_, err := Skeleton(id, "en")
		require.ErrorContains(t, err, "cannot be a lesson's id", id)
	}
}
