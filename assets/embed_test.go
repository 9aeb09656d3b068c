package assets

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBuiltSaysWhetherTheScriptIsThere(t *testing.T) {
	_, err := fs.Stat(Files(), Script)
	require.Equal(t, err == nil, Built())
}

func TestAMissingFileKeepsItsPlainAddress(t *testing.T) {
	require.Equal(t, "/assets/no-such-file.js", URL("no-such-file.js"))
}

func TestAnAddressCarriesTheStampOfItsContent(t *testing.T) {
	skipUnlessBuilt(t)
	name, stamp, found := strings.Cut(URL(Script), "?v=")
	require.True(t, found)
	require.Equal(t, "/assets/app.js", name)
	require.Len(t, stamp, stampLength)
	require.NotEqual(t, URL(Script), strings.Replace(URL(Style), Style, Script, 1))
}

func TestTheFirstLoadStaysInItsBudget(t *testing.T) {
	skipUnlessBuilt(t)
	const budget = 75 << 10 // gzipped bytes: what a classroom's slowest laptop loads at once
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	for _, name := range []string{Script, Style} {
		data, err := fs.ReadFile(Files(), name)
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.Less(t, packed.Len(), budget)
}

func TestTheStyleSheetNamesOnlyFilesThatAreThere(t *testing.T) {
	skipUnlessBuilt(t)
	css, err := fs.ReadFile(Files(), Style)
	require.NoError(t, err)
	for _, piece := range strings.Split(string(css), `url("./`)[1:] {
		name, _, _ := strings.Cut(piece, `"`)
		_, err := fs.Stat(Files(), name)
		require.NoError(t, err)
	}
}

func skipUnlessBuilt(t *testing.T) {
	t.Helper()
	if !Built() {
		t.Skip("the front end was not built")
	}
}
