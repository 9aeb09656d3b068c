package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAStatusHasRedisWordsOnlyForWhatRedisSays(t *testing.T) {
	for state, want := range map[string]string{
		"ok": "cluster_state:ok  ", "fail": "cluster_state:fail  ", "mixed": "the nodes disagree about cluster_state  ",
	} {
		var out bytes.Buffer
		require.NoError(t, showStatus(&out, []byte(`{"topology":"cluster","state":"`+state+`"}`)))
		require.Contains(t, out.String(), want)
	}
}
