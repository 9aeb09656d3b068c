package garbage

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mapped is how many KiB of files this process has mapped and touched.
func mapped(t *testing.T) (kib int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(status), "RssFile:")
	require.True(t, found)
	_, err = fmt.Sscan(rest, &kib)
	require.NoError(t, err)
	return kib
}

func TestTheProgramsPagesAreLetGo(t *testing.T) {
	before := mapped(t)
	leaveProgram()
	require.Less(t, mapped(t), before*9/10)
	require.Equal(t, "it still runs", fmt.Sprint("it still ", "runs"))
}
