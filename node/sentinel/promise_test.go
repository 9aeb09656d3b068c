package sentinel

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
)

var errFull = errors.New("no space left on device")

// call gives a command without waiting for its reply.
func (o *askedOurs) call(words ...string) {
	args := make([][]byte, len(words))
	for i, w := range words {
		args[i] = []byte(w)
	}
	o.s.Call(o.now, o.conn, args)
}

func TestWhatIsToBeSavedIsAnsweredWhenItIsOnTheDisk(t *testing.T) {
	for name, words := range map[string][]string{
		"set": {"SENTINEL", "SET", "one", "quorum", "3"}, "monitor": {"SENTINEL", "MONITOR", "new", "127.0.0.1", "9", "1"},
		"remove": {"SENTINEL", "REMOVE", "one"}, "flushconfig": {"SENTINEL", "FLUSHCONFIG"},
		"config set": {"SENTINEL", "CONFIG", "SET", "sentinel-user", "u"},
	} {
		t.Run(name, func(t *testing.T) {
			o := askOurs(t, sameConf)
			o.call(words...)
			require.True(t, o.conn.Blocked)
			token := o.s.BeforeSleep(o.now).Save[0].Token
			require.Empty(t, o.conn.Out, "nobody knows yet whether it is on the disk")
			o.s.Saved(o.now, token, nil)
			require.Contains(t, o.s.BeforeSleep(o.now).Flush, o.conn)
			require.False(t, o.conn.Blocked)
			require.Equal(t, "OK", o.next().Text)

			again := askOurs(t, sameConf)
			again.call(words...)
			require.Equal(t, []event.Event{event.ConfigNotSaved{Why: errFull.Error()}},
				withoutMonitor(again.sleep(errFull)))
			require.Equal(t, "ERR Failed to save config file. Check server logs.", again.next().Text)
		})
	}
}

// withoutMonitor leaves out what the commands themselves tell.
func withoutMonitor(events []event.Event) (rest []event.Event) {
	for _, e := range events {
		switch e.(type) {
		case event.MonitorStarted, event.MonitorEnded, event.MonitorSet:
		default:
			rest = append(rest, e)
		}
	}
	return rest
}

func TestAReplyThatNobodyWantsIsNotGivenLater(t *testing.T) {
	o := askOurs(t, sameConf)
	o.call("CLIENT", "REPLY", "SKIP")
	o.call("SENTINEL", "FLUSHCONFIG")
	o.sleep(errFull)
	require.False(t, o.conn.Blocked)
	require.Empty(t, o.conn.Out)
	require.Equal(t, "PONG", o.do("PING").Text)
}

func TestAClientThatLeavesBeforeTheDiskAnswersIsForgotten(t *testing.T) {
	o := askOurs(t, sameConf)
	two := o.another(2)
	two.call("SENTINEL", "FLUSHCONFIG")
	token := o.s.BeforeSleep(o.now).Save[0].Token
	o.s.Shut(o.now, two.conn)
	o.s.Saved(o.now, token, nil)
	require.NotContains(t, o.s.BeforeSleep(o.now).Flush, two.conn)
	require.Empty(t, two.conn.Out)
}

func TestAFileThatCouldNotBeWrittenIsTriedAgainAndTheVoteIsGivenMeanwhile(t *testing.T) {
	w, h := alone(t)
	h.fullDisk = errFull
	require.Equal(t, answer(false, idA, 5), h.ask(7000, 5, idA), "as in Redis, the vote is given")
	w.run(3 * time.Second)
	require.Equal(t, []string{"-config-saved no space left on device"}, only(h.heard("-config-saved", "+config-saved"), "-config-saved no space left on device"),
		"it is told once")
	require.NotContains(t, string(h.file), "leader-epoch mymaster 5")
	h.fullDisk = nil
	saves := h.saves
	w.run(2 * time.Second)
	require.Contains(t, string(h.file), "sentinel leader-epoch mymaster 5\n")
	require.Equal(t, saves+1, h.saves, "one attempt was enough")
	require.True(t, h.has("+config-saved"))
	h.kill()
	h.start(nil)
	require.Equal(t, answer(false, "*", 5), h.ask(7000, 5, idB), "a restart remembers")
}
