package main_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The units of Redis' tests/test_helper.tcl, by the suite in which `make suite` runs them. Those of modules,
// of TLS and of files that were broken on purpose are left out: none of it is here.
var (
	unitsOfUnit = strings.Fields(`dump auth protocol keyspace scan info info-command sort expire other multi quit aofrw
		acl acl-v2 latency-monitor pubsub pubsubshard slowlog functions maxmemory introspection introspection-2
		limits obuf-limits bitops bitfield geo memefficiency hyperloglog lazyfree wait pause querybuf pendingquerybuf
		tracking shutdown networking client-eviction replybufsize cluster cluster-scripting
		cluster/misc cluster/links oom-score-adj scripting`)
	unitsOfType        = strings.Fields(`string incr list list-2 list-3 set zset hash stream stream-cgroups`)
	unitsOfIntegration = strings.Fields(`block-repl replication replication-2 replication-3 replication-4 replication-psync
		replication-buffer shutdown aof aof-multi-part rdb logging psync2 psync2-reg psync2-pingoff psync2-master-restart
		failover redis-cli redis-benchmark dismiss-mem convert-zipmap-hash-on-load convert-ziplist-hash-on-load
		convert-ziplist-zset-on-load`)
)

// testHelper is a suite of tests/test_helper.tcl: the units in a folder of tests.
func testHelper(folder string, units []string) suiteOfRedis {
	args := []string{"--clients", "1", "--durable"}
	for _, unit := range units {
		args = append(args, "--single", folder+"/"+unit)
	}
	return suiteOfRedis{script: "tests/test_helper.tcl", args: args, ours: []string{"redis-server"}}
}

// wantsChild are the tests of integration that kill the child process which saves or rewrites, and those
// that count files from where they left off. There is no child; left to run they wait for it for minutes.
var wantsChild = []string{
	"diskless replication child being killed is collected",
	"replication child dies when parent is killed - diskless: yes",
	"replication child dies when parent is killed - diskless: no",
	"AOF multiple rewrite failures will open multiple INCR AOFs",
	"AOF rewrite doesn't open new aof when AOF turn off",
	"AOF enable/disable auto gc",
	"AOF can produce consecutive sequence number after reload",
	"AOF enable during BGSAVE will not write data util AOFRW finish",
	"AOF will trigger limit when AOFRW fails many times",
	"AOF will open a temporary INCR AOF to accumulate data until the first AOFRW success when AOF is dynamically enabled",
}

// integrationSuite is Redis' tests/integration with what is known of it.
func integrationSuite() suiteOfRedis {
	s := testHelper("integration", unitsOfIntegration).without(wantsChild...)
	const child = "there is no child process"
	s.known = map[string]string{
		"integration/rdb: Test child sending info":       child,
		"integration/rdb: failed bgsave prevents writes": child,
		"integration/replication: replica can handle EINTR if use diskless load": "a replica that " +
			"loads does not stand still: the watchdog has no reason to bark",
	}
	s.timing = map[string]string{
		"integration/replication: Diskless load swapdb (async_loading): new database is exposed after swapping": "it may look at " +
			"the replica before that has noticed that its link is cut",
	}
	return s
}

// The lines of tests/test_helper.tcl that mean something.
var (
	helperUnit   = regexp.MustCompile(`^Testing ((?:unit|integration)/\S+)$`)
	helperPassed = regexp.MustCompile(`^\[ok\]: (.*) \(\d+ ms\)$`)
	helperFailed = regexp.MustCompile(`^\[err\]: (.*) in tests/(\S+)\.tcl$`) // with several clients units run side by side: this says which it was
	helperBroke  = regexp.MustCompile(`^\[(?:exception|timeout)\]: (.*)$`)
)

// takeHelper takes a line of tests/test_helper.tcl; false when it is none.
func (r *suiteRun) takeHelper(line string) bool {
	if unit := helperUnit.FindStringSubmatch(line); unit != nil {
		r.unit = unit[1]
		return true
	}
	for i, form := range []*regexp.Regexp{helperPassed, helperFailed, helperBroke} {
		if test := form.FindStringSubmatch(line); test != nil {
			unit := r.unit
			if len(test) > 2 {
				unit = test[2]
			}
			r.tests = append(r.tests, suiteTest{unit + ": " + test[1], i == 0})
			return true
		}
	}
	return false
}

func TestWhatTheUnitsOfRedisSayIsCounted(t *testing.T) {
	r := &suiteRun{out: &strings.Builder{}}
	_, err := r.Write([]byte("[ready]: 12\nTesting unit/type/incr\n\x1b[0;32;49m[ok]\x1b[0m: INCR (a) key (0 ms)\n" +
		"[err]: INCR fails in tests/unit/type/incr.tcl\nExpected 1\n[err]: SCAN fails in tests/unit/scan.tcl\n[exception]: Executing test client: I/O error.\n*** [err]: INCR fails in tests/unit/type/incr.tcl\n"))
	require.NoError(t, err)
	require.Equal(t, []suiteTest{
		{"unit/type/incr: INCR (a) key", true}, {"unit/type/incr: INCR fails", false}, {"unit/scan: SCAN fails", false},
		{"unit/type/incr: Executing test client: I/O error.", false},
	}, r.tests)
}
