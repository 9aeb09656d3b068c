package acl

import (
	"strings"
	"testing"

	"clusterplay/node/command"
	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// crowd is a Host that remembers what it was told.
type crowd struct{ gone, narrowed []string }

func (c *crowd) UserGone(user *User)          { c.gone = append(c.gone, user.Name()) }
func (c *crowd) UserNarrowed(old, _ *User)    { c.narrowed = append(c.narrowed, old.Name()) }
func newUsers(host Host) *Users               { return New(command.NewTable(), host) }
func set(u *Users, name, rules string) string { return u.Set(name, strings.Fields(rules)) }

// check is the verdict on a line.
func check(u *Users, name, line string) Verdict {
	var args [][]byte
	for _, w := range strings.Fields(line) {
		args = append(args, []byte(w))
	}
	cmd, _ := u.table.Resolve(args)
	v, _ := u.Check(u.Named(name), cmd, args)
	return v
}

func TestADefaultUserMayDoEverythingAndANewOneNothing(t *testing.T) {
	u := newUsers(&crowd{})
	require.True(t, u.Default().Free())
	require.True(t, u.Default().Open())
	require.Equal(t, "on nopass ~* &* +@all", u.Describe(u.Default()))
	require.Empty(t, set(u, "alice", ""))
	require.Equal(t, "off resetchannels -@all", u.Describe(u.Named("alice")))
	require.Equal(t, DeniedCommand, check(u, "alice", "GET k"))
	require.Equal(t, Allowed, check(u, "alice", "AUTH x"), "whoever may do nothing may still become somebody else")
	require.Nil(t, u.Login("alice", nil))
}

func TestAKeyIsAllowedForWhatBecomesOfItsData(t *testing.T) {
	u := newUsers(&crowd{})
	require.Empty(t, set(u, "a", "on nopass +@all %R~r:* %W~w:* ~rw:*"))
	for line, want := range map[string]Verdict{
		"GET r:1": Allowed, "GET w:1": DeniedKey, "SET w:1 v": Allowed, "SET w:1 v GET": DeniedKey, "SET r:1 v": DeniedKey,
		"SET rw:1 v GET": Allowed, "EXISTS w:1": Allowed, "EXISTS x": DeniedKey, "COPY r:1 w:1": Allowed, "COPY w:1 r:1": DeniedKey,
		"RENAME r:1 w:1": DeniedKey, "PUBLISH c m": DeniedChannel, "DEL w:1": Allowed, "GETDEL w:1": DeniedKey,
	} {
		require.Equal(t, want, check(u, "a", line), line)
	}
}

func TestOneSelectorAloneMustAllowAllOfACommand(t *testing.T) {
	u := newUsers(&crowd{})
	require.Empty(t, set(u, "a", "on +get ~g* (+set ~s*) (+mget ~m1) (+mget ~m2)"))
	for line, want := range map[string]Verdict{
		"GET g": Allowed, "SET s v": Allowed, "SET g v": DeniedKey, "GET s": DeniedKey, "MGET m1": Allowed, "MGET m2": Allowed,
		"MGET m1 m2": DeniedKey, "DEL g": DeniedCommand,
	} {
		require.Equal(t, want, check(u, "a", line), line)
	}
}

func TestACommandMayBeAllowedWithOneFirstArgument(t *testing.T) {
	u := newUsers(&crowd{})
	require.Empty(t, set(u, "a", "+select|0 +Select|0 +select|1 +config|get"))
	require.Equal(t, Allowed, check(u, "a", "SELECT 0"))
	require.Equal(t, DeniedCommand, check(u, "a", "SELECT 2"))
	require.Equal(t, Allowed, check(u, "a", "CONFIG GET x"))
	require.Equal(t, DeniedCommand, check(u, "a", "CONFIG SET x y"))
	require.Empty(t, set(u, "a", "-select"))
	require.Equal(t, DeniedCommand, check(u, "a", "SELECT 0"))
}

func TestARuleThatMakesNoSenseChangesNothing(t *testing.T) {
	u := newUsers(&crowd{})
	require.Empty(t, set(u, "a", "on >pw +get ~k"))
	before := u.Describe(u.Named("a"))
	for rules, refusal := range map[string]string{
		"-get +nope": errUnknown, "off ~* ~x": errAllKeys, "&* &x": errAllChans, "<other": errNoSuchSum, "#abc": errBadSum, "what": errRule,
		"+config|get|x": errFirstArg, "+get|": errRule, "%~x": errRule, "%": errRule, "%RR~x": errRule, "reset (+nope)": errUnknown,
	} {
		require.True(t, strings.HasSuffix(set(u, "a", rules), ": "+refusal), "%s: %s", rules, set(u, "a", rules))
		require.Equal(t, before, u.Describe(u.Named("a")), rules)
	}
	require.Equal(t, "Unmatched parenthesis in acl selector starting at '(+get'.", set(u, "a", "on (+get ~x"))
}

func TestWhatUsersLoseEndsTheirConnections(t *testing.T) {
	c := &crowd{}
	u := newUsers(c)
	set(u, "a", "on allchannels")
	set(u, "a", "&*")
	require.Empty(t, c.narrowed)
	set(u, "a", "resetchannels &x &y")
	require.Equal(t, []string{"a"}, c.narrowed)
	set(u, "a", "&z")
	require.Len(t, c.narrowed, 1)
	set(u, "a", "resetchannels &x &y (&z)")
	require.Len(t, c.narrowed, 1, "a selector still allows it")
	set(u, "b", "on")
	require.True(t, u.remove("a"))
	require.False(t, u.remove("a"))
	require.Empty(t, u.Load("f", []byte("user default on nopass\nuser c on\n")))
	require.Equal(t, []string{"a", "b"}, c.gone)
	require.False(t, u.Default().Free(), "the default user is the same and has new rules")
}

func TestAFileWithAMistakeIsNotLoaded(t *testing.T) {
	u := newUsers(&crowd{})
	set(u, "a", "on")
	const end = "WARNING: ACL errors detected, no change to the previously active ACL rules was performed"
	for file, wrong := range map[string]string{
		"who a on":                        "f:1 should start with user keyword followed by the username. ",
		"\nuser b on\nuser b off":         "WARNING: Duplicate user 'b' found on line 3. ",
		"user b +nope what  -nope":        "f:1: Error in applying operation '+nope': " + errUnknown + ". f:1: " + errRule + ". f:1: Error in applying operation '-nope': " + errUnknown + ". ",
		"user b on\nuser c (+get\nuser d": "f:2: Unmatched parenthesis in selector definition.",
	} {
		require.Equal(t, wrong+end, u.Load("f", []byte(file)), file)
		require.NotNil(t, u.Named("a"))
	}
	require.Empty(t, u.Load("f", u.Text()))
	require.Equal(t, "user a on resetchannels -@all\nuser default on nopass ~* &* +@all\n", string(u.Text()))
}

func TestDenialsThatAreAlikeAreOneEntry(t *testing.T) {
	u := newUsers(&crowd{})
	for i, d := range []Denial{
		{Why: DeniedKey, Context: TopLevel, Object: "k", User: "a", At: 0},
		{Why: DeniedKey, Context: TopLevel, Object: "j", User: "a", At: 1},
		{Why: DeniedKey, Context: TopLevel, Object: "k", User: "a", At: 60000, Client: "last"},
		{Why: DeniedKey, Context: InMulti, Object: "k", User: "a", At: 60000},
		{Why: DeniedKey, Context: TopLevel, Object: "j", User: "a", At: 60002},
	} {
		u.Deny(d, 4)
		require.LessOrEqual(t, len(u.log.entries), 4, i)
	}
	var told []string
	for _, e := range u.log.entries {
		told = append(told, e.Object+string(e.Context)+e.Client+string(rune('0'+e.count)))
	}
	require.Equal(t, []string{"jtoplevel1", "kmulti1", "ktoplevellast2", "jtoplevel1"}, told)
	u.Deny(Denial{Object: "new"}, 2)
	require.Len(t, u.log.entries, 2)
	u.Deny(Denial{Object: "none"}, 0)
	require.Empty(t, u.log.entries)
}

func TestCheckOfAFreeUserAndOfPatternsTakesNoMemory(t *testing.T) {
	u := newUsers(&crowd{})
	set(u, "a", "+@all ~k* ~j*")
	cmd := u.table.Lookup([]byte("mset"))
	args := [][]byte{[]byte("MSET"), []byte("k"), []byte("v"), []byte("j"), []byte("v")}
	u.Check(u.Named("a"), cmd, args)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		u.Check(u.Named("a"), cmd, args)
		u.Check(u.Default(), cmd, args)
	}))
}

// FuzzRules holds that no rule breaks anything and that a user described is the same user again.
func FuzzRules(f *testing.F) {
	for _, rules := range []string{
		"on nopass ~* +@all -@dangerous", "%RW~a %R~b (+@read ~x* -get) (allchannels)", "&a &b >pw #" + sum("x") + " +select|0 -config|set",
		"%~x", "(\"a b\" 'c' +get)", "( ( ) )", "+@all -@all +@slow -client +client|id", "(+get\x00 ~k\x01)",
	} {
		f.Add(rules)
	}
	f.Fuzz(func(t *testing.T, rules string) {
		u := newUsers(&crowd{})
		set(u, "a", "on +get ~k")
		if u.Set("a", strings.Split(rules, " ")) != "" {
			return
		}
		w := &resp.Writer{}
		u.List(w)
		u.GetUser(w, []byte("a"))
		for _, line := range []string{"GET k", "SET x v", "PUBLISH a b", "CONFIG SET a b", "SORT a BY b", "PSUBSCRIBE a"} {
			check(u, "a", line)
		}
		again := newUsers(&crowd{})
		if err := again.Configure(u.Lines()); err != nil {
			require.True(t, strings.ContainsAny(rules, "\"'\\|"), "%q: %v", rules, err)
			return
		}
		want, got := u.Describe(u.Named("a")), again.Describe(again.Named("a"))
		require.Equal(t, strings.ReplaceAll(want, "sanitize-payload ", ""), strings.ReplaceAll(got, "sanitize-payload ", ""))
	})
}
