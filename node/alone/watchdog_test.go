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

func TestAWatchdogThatIsSentToSleepSleeps(t *testing.T) {
	barks := make(chan bool, 1)
	w := watchdog{bark: func() { barks <- true }}
	w.pat()
	w.watch(time.Hour)
	w.watch(0)
	require.Nil(t, w.timer, "nothing rings any more")
	w.pat()
	require.Nil(t, w.timer)
	w.watch(time.Nanosecond)
	require.Equal(t, leastWatch, w.period)
	<-barks
	w.watch(0)
}
