package sentinel

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// shell is what runs the scripts of a Sentinel in a test: nothing ends before the test says so.
type shell struct {
	*askedOurs
	runs  []machine.Run
	kills []uint64
	told  []event.Event
}

// atShell is a Sentinel that may run scripts and has two for its master.
func atShell(t *testing.T) *shell {
	calm := strings.Replace(sameConf, " 600000\n", " 2000000000\n", 1) // nothing happens by itself
	o := askOurs(t, calm+"sentinel deny-scripts-reconfig no\n")
	for _, option := range []string{"notification-script", "client-reconfig-script"} {
		require.Equal(t, "OK", o.do("SENTINEL", "SET", "one", option, "/bin/true").Text)
	}
	x := &shell{askedOurs: o}
	x.s.scripts = scripts{} // setting them was told already
	return x
}

// later lets time pass, a tick after the other, and takes what is to be run.
func (x *shell) later(d time.Duration) {
	for end := x.now.Add(d); x.now.Before(end); {
		x.now = x.now.Add(min(100*time.Millisecond, end.Sub(x.now)))
		x.take()
	}
}

func (x *shell) take() {
	todo := x.s.BeforeSleep(x.now)
	x.runs = append(x.runs, slices.Clone(todo.Run)...)
	x.kills = append(x.kills, todo.Kill...)
	for _, e := range todo.Emit {
		switch e.(type) {
		case event.ScriptError, event.ScriptTimeout:
			x.told = append(x.told, e)
		}
	}
}

// ends lets the latest run of a script end.
func (x *shell) ends(how machine.Ending) {
	x.s.Ended(x.now, x.runs[len(x.runs)-1].Job, how)
	x.take()
}

// pending is SENTINEL PENDING-SCRIPTS, an entry a line.
func (x *shell) pending() (lines []string) {
	for _, e := range x.do("SENTINEL", "PENDING-SCRIPTS").List {
		var words []string
		for _, v := range e.List {
			if v.Kind == resp.KindArray {
				for _, arg := range v.List {
					words = append(words, arg.Text)
				}
				continue
			}
			words = append(words, v.Text)
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return lines
}

const anEvent = "argv /bin/true +sdown master one 127.0.0.1 1"

func (x *shell) happens() {
	m := x.s.masters[0]
	x.s.tell(m, event.SDown{Monitored: x.s.monitored(&m.instance)})
}

func TestAWarningIsHandedToTheNotificationScriptAndANoticeIsNot(t *testing.T) {
	x := atShell(t)
	m := x.s.masters[0]
	x.happens()
	x.s.tell(m, event.FailoverState{Monitored: x.s.monitored(&m.instance), State: "wait-promotion"})
	x.later(100 * time.Millisecond)
	require.Equal(t, [][]string{{"/bin/true", "+sdown", "master one 127.0.0.1 1"}}, argvs(x.runs))
	x.s.raiseEpoch(m, 9)
	require.Equal(t, "OK", x.do("SENTINEL", "SET", "one", "notification-script", "").Text)
	x.happens()
	x.later(100 * time.Millisecond)
	require.Equal(t, [][]string{{"/bin/true", "+new-epoch", "9"}}, argvs(x.runs)[1:], "not the one after it was taken away")
}

func argvs(runs []machine.Run) (argvs [][]string) {
	for _, r := range runs {
		argvs = append(argvs, r.Argv)
	}
	return argvs
}

func TestTheReconfigScriptHearsOfTheNewAddressOnBothSidesOfAFailover(t *testing.T) {
	x := atShell(t)
	require.Equal(t, "OK", x.do("SENTINEL", "SET", "one", "notification-script", "").Text)
	m := x.s.masters[0]
	x.s.reconfigured(m, leader, m.addr, x.s.addressOf("127.0.0.1", 2))
	x.s.adopt(m, nil, hello{MasterIP: "127.0.0.1", MasterPort: 3, ConfigEpoch: 7})
	x.later(100 * time.Millisecond)
	require.Equal(t, [][]string{
		{"/bin/true", "one", "leader", "start", "127.0.0.1", "1", "127.0.0.1", "2"},
		{"/bin/true", "one", "observer", "start", "127.0.0.1", "1", "127.0.0.1", "3"},
	}, argvs(x.runs))
}

func TestAtMostSixteenScriptsRunAndTheOldestThatWaitsGivesWay(t *testing.T) {
	x := atShell(t)
	for range maxScripts {
		x.happens()
	}
	x.later(100 * time.Millisecond)
	require.Len(t, x.runs, maxScriptsAtOnce)
	require.Contains(t, x.do("INFO", "sentinel").Text, "sentinel_running_scripts:16\r\nsentinel_scripts_queue_length:256\r\n")
	x.s.schedule("/bin/true", "the last")
	jobs := x.s.scripts.queue
	require.Len(t, jobs, maxScripts)
	require.True(t, jobs[maxScriptsAtOnce-1].running)
	require.Equal(t, uint64(maxScriptsAtOnce+2), jobs[maxScriptsAtOnce].job, "the one before it was the oldest that waited")
	x.ends(machine.Ending{})
	x.later(100 * time.Millisecond)
	require.Len(t, x.runs, maxScriptsAtOnce+1, "one ended, one began")
	require.Empty(t, x.told)
}

func TestAScriptThatAsksForItIsRunAgainAfterTwiceTheTime(t *testing.T) {
	x := atShell(t)
	x.happens()
	x.later(100 * time.Millisecond)
	delay := 30 * time.Second
	for tries := 1; tries < maxScriptTries; tries++ {
		how := machine.Ending{Exit: exitRetry}
		if tries%2 == 0 {
			how = machine.Ending{Signal: 15} // one that was killed is run again too
		}
		x.ends(how)
		require.Equal(t, []string{anEvent + " flags scheduled pid 0 run-delay " + itoa(delay.Milliseconds()-1) + " retry-num " + itoa(int64(tries))}, x.pending())
		x.later(delay - time.Second)
		require.Len(t, x.runs, tries)
		x.later(time.Second)
		require.Len(t, x.runs, tries+1)
		delay *= 2
	}
	require.Empty(t, x.told)
	x.ends(machine.Ending{Exit: exitRetry})
	require.Equal(t, []event.Event{event.ScriptError{Path: "/bin/true", Exit: exitRetry}}, x.told)
	require.Empty(t, x.pending())
}

func TestAScriptThatFailsOtherwiseIsNotRunAgain(t *testing.T) {
	x := atShell(t)
	x.happens()
	x.later(100 * time.Millisecond)
	x.ends(machine.Ending{Exit: 2})
	require.Equal(t, []event.Event{event.ScriptError{Path: "/bin/true", Exit: 2}}, x.told)
	require.Empty(t, x.pending())
	x.later(5 * time.Minute)
	require.Len(t, x.runs, 1)
}

func TestAScriptIsKilledAfterAMinuteAndRunAgain(t *testing.T) {
	x := atShell(t)
	x.happens()
	x.later(100 * time.Millisecond)
	x.s.Started(x.now, x.runs[0].Job, 4711, nil)
	x.later(59 * time.Second)
	require.Empty(t, x.kills)
	require.Equal(t, []string{anEvent + " flags running pid 4711 run-time 59001 retry-num 1"}, x.pending())
	x.later(1100 * time.Millisecond)
	require.Equal(t, x.runs[0].Job, x.kills[0])
	require.Equal(t, event.ScriptTimeout{Path: "/bin/true", PID: 4711}, x.told[0])
	x.ends(machine.Ending{Signal: 9})
	x.later(31 * time.Second)
	require.Len(t, x.runs, 2)
}

func TestAScriptForWhichThereIsNoProcessIsTriedAgain(t *testing.T) {
	x := atShell(t)
	x.happens()
	x.later(100 * time.Millisecond)
	x.s.Started(x.now, x.runs[0].Job, 0, errors.New("no process"))
	x.take()
	require.Equal(t, []event.Event{event.ScriptError{Path: "/bin/true", Signal: signalFork}}, x.told)
	x.later(31 * time.Second)
	require.Len(t, x.runs, 2)
	x.ends(machine.Ending{})
	x.s.Started(x.now, x.runs[1].Job, 4711, nil) // it was quicker than the news of its beginning
	require.Empty(t, x.pending())
}

func TestWhereNoProgramsAreRunNobodyMayNameOne(t *testing.T) {
	o := askOurs(t, sameConf+"sentinel deny-scripts-reconfig no\nsentinel notification-script one /bin/true\n", func(c *Config) { c.Runnable = nil })
	require.Equal(t, errScriptsDenied, o.do("SENTINEL", "SET", "one", "client-reconfig-script", "/bin/true").Text)
	m := o.s.masters[0]
	o.s.tell(m, event.SDown{Monitored: o.s.monitored(&m.instance)})
	o.now = o.now.Add(time.Second)
	require.Empty(t, o.s.BeforeSleep(o.now).Run)
	require.Empty(t, o.do("SENTINEL", "PENDING-SCRIPTS").List)
	require.Contains(t, string(o.s.file()), "sentinel notification-script one /bin/true\n", "the file keeps it")
}
