package sentinel

// flags are an instance's marks, in the order in which Redis lists them.
type flags uint16

const (
	flagSDown flags = 1 << iota
	flagODown
	flagMasterDown // a sentinel says that it holds the master for down
	flagFailover   // a master's failover is in progress
	flagPromoted
	flagReconfSent
	flagReconfInprog
	flagReconfDone
	flagForced // the failover needs no votes
	flagScriptKill
	flagReboot // a master has a new run id and has not answered PING since; not listed
)

func (f flags) is(any flags) bool { return f&any != 0 }
func (f *flags) set(more flags)   { *f |= more }
func (f *flags) clear(less flags) { *f &^= less }

// look is what an instance's flags field is made of.
type look struct {
	flags flags
	kind  kind
	whole bool
}

// flagNames are the words of an instance's flags field; whoever gets them must not change them.
func (i *instance) flagNames() []string {
	if now := (look{i.flags, i.kind, i.link.whole()}); i.shownAs == nil || i.shownFor != now {
		i.shownFor, i.shownAs = now, i.listFlags()
	}
	return i.shownAs
}

func (i *instance) listFlags() (names []string) {
	add := func(when bool, name string) {
		if when {
			names = append(names, name)
		}
	}
	add(i.flags.is(flagSDown), "s_down")
	add(i.flags.is(flagODown), "o_down")
	add(true, i.kind.String())
	add(!i.link.whole(), "disconnected")
	for _, f := range []struct {
		flag flags
		name string
	}{
		{flagMasterDown, "master_down"}, {flagFailover, "failover_in_progress"}, {flagPromoted, "promoted"},
		{flagReconfSent, "reconf_sent"}, {flagReconfInprog, "reconf_inprog"}, {flagReconfDone, "reconf_done"},
		{flagForced, "force_failover"}, {flagScriptKill, "script_kill_sent"},
	} {
		add(i.flags.is(f.flag), f.name)
	}
	return names
}
