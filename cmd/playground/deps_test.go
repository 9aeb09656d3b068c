package main_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ofTheWorkshop are modules that build and test the program and must not be part of it.
var ofTheWorkshop = []string{
	"github.com/oapi-codegen/oapi-codegen", "github.com/getkin/kin-openapi", "github.com/chromedp", "github.com/stretchr",
	"github.com/redis/go-redis", "pgregory.net/rapid", "honnef.co",
}

func TestTheProgramCarriesNoToolOfItsWorkshop(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	for path := range strings.Lines(string(out)) {
		for _, tool := range ofTheWorkshop {
			require.False(t, strings.HasPrefix(path, tool), path)
		}
	}
}
