package history

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// modernc.org/sqlite is C translated against one version of modernc.org/libc: with any other it
// may corrupt memory. Its own go.mod says which.
func TestTheLibcIsTheOneSQLiteWasTranslatedAgainst(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "modernc.org/sqlite").Output()
	require.NoError(t, err)
	wanted, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "go.mod"))
	require.NoError(t, err)
	ours, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "modernc.org/libc").Output()
	require.NoError(t, err)
	m := regexp.MustCompile(`modernc\.org/libc (v\S+)`).FindStringSubmatch(string(wanted))
	require.NotNil(t, m)
	require.Equal(t, m[1], strings.TrimSpace(string(ours)))
}
