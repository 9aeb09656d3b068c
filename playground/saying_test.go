package playground

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/playground/words"
)

func TestEveryCaptionIsInTheCatalogue(t *testing.T) {
	known, err := words.Catalogue("en")
	require.NoError(t, err)
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`\bsay\("([\w-]+)"[,)]`).FindAllStringSubmatch(string(text), -1) {
			require.Contains(t, known, "caption."+m[1])
			found++
		}
	}
	require.Greater(t, found, 25)
}

func TestEveryVerbHasItsHelpInEveryLanguage(t *testing.T) {
	known, err := words.Catalogue("en")
	require.NoError(t, err)
	for _, spec := range Verbs() {
		require.Equal(t, spec.Help, known["verb."+spec.Verb], spec.Verb)
	}
}

func TestACaptionNamesAReasonInWords(t *testing.T) {
	s := say("vote-refused", "me", "7000", "node", "7004", "epoch", "7", "why", because("already-voted"))
	require.Equal(t, "7000 refuses its vote to 7004 in epoch 7: it has voted in this epoch already.", s.English())
	s = say("vote-refused", "me", "7000", "node", "7004", "epoch", "7", "why", because("bad-weather"))
	require.Equal(t, "7000 refuses its vote to 7004 in epoch 7: bad weather.", s.English())
}
