package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsPrintedCanBeTypedAsItStands(t *testing.T) {
	for typed, want := range map[string]string{
		"bin/playground": "bin/playground", "./playground": "./playground", "../bin/playground": "../bin/playground",
		"playground": "playground", "redis-server": "playground", "/usr/local/bin/playground": "playground",
		"/tmp/go-build1/b001/exe/playground": "playground",
	} {
		require.Equal(t, want, typedAs(typed), typed)
	}
}
