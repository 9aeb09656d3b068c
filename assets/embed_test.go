package assets

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"regexp"
	"slices"
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
	for _, name := range append(atOnce(t, Script, nil), Style) {
		_, err := w.Write(content(t, name))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.Less(t, packed.Len(), budget)
}

func TestAChunkIsNamedByItsContent(t *testing.T) {
	require.True(t, Named("chart-XEGY45HE.js"))
	for _, name := range []string{Script, Style, "chart-XEGY45HE.js.map", "../chart-XEGY45HE.js", "ibm-plex-mono-latin-400-normal.woff2"} {
		require.False(t, Named(name), name)
	}
	skipUnlessBuilt(t)
	for _, name := range files(t) {
		if strings.HasSuffix(name, ".js") && name != Script {
			require.True(t, Named(name), name)
		}
	}
}

// imported finds what a built script imports before it runs.
var imported = regexp.MustCompile(`(?:from|import)"\./([^"]+)"`)

// atOnce lists a script and every file it imports before it runs.
func atOnce(t *testing.T, name string, seen []string) []string {
	t.Helper()
	if slices.Contains(seen, name) {
		return seen
	}
	seen = append(seen, name)
	for _, m := range imported.FindAllStringSubmatch(string(content(t, name)), -1) {
		seen = atOnce(t, m[1], seen)
	}
	return seen
}

func content(t *testing.T, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(Files(), name)
	require.NoError(t, err)
	return data
}

func files(t *testing.T) []string {
	t.Helper()
	entries, err := fs.ReadDir(Files(), ".")
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
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
