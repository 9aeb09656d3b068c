package alone

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheWatchdogSaysWhereTheServerStandsStill(t *testing.T) {
	s := serve(t, "enable-debug-command yes\n")
	require.Equal(t, "OK", s.ask("CONFIG", "SET", "watchdog-period", "1"))
	require.Equal(t, "OK", s.ask("DEBUG", "SLEEP", "0.5"))
	require.Eventually(t, func() bool { return strings.Contains(s.out.String(), "--------\n") }, patience, time.Millisecond)
	at := 0
	for _, part := range []string{"\n--- WATCHDOG TIMER EXPIRED ---\n", ") in debugCommand (DEBUG SLEEP)\n", "------ STACK TRACE ------\ngoroutine ", "\n--------\n"} {
		i := strings.Index(s.out.String()[at:], part)
		require.GreaterOrEqual(t, i, 0, "%q in %s", part, s.out)
		at += i
	}
}

func TestAWatchdogThatNobodyWokeSleeps(t *testing.T) {
	s := serve(t, "enable-debug-command yes\nwatchdog-period 200\n")
	require.Equal(t, "OK", s.ask("CONFIG", "SET", "watchdog-period", "0"))
	before := strings.Count(s.out.String(), "WATCHDOG")
	require.Equal(t, "OK", s.ask("DEBUG", "SLEEP", "0.5"))
	require.Equal(t, before, strings.Count(s.out.String(), "WATCHDOG"))
}
