package playground

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSEC08ACommandThatIsShownHoldsNoPassword(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   Action
		want string
	}{
		{"a password", ConfigSet{Node: "7000", Name: "requirepass", Value: "hunter2"}, "playground ctl config-set 7000 requirepass (redacted)"},
		{"in capitals", ConfigSet{Node: "7000", Name: "MasterAuth", Value: "hunter2"}, "playground ctl config-set 7000 MasterAuth (redacted)"},
		{"no password", ConfigSet{Node: "7000", Name: "maxmemory", Value: "1gb"}, "playground ctl config-set 7000 maxmemory 1gb"},
		{"of a lab", Setup{Settings: "save=60 1000 requirepass=hunter2"}, "playground ctl setup --settings requirepass=(redacted) save=60 1000"},
		{"of a lab without one", Setup{Settings: "save=60 1000"}, "playground ctl setup --settings save=60 1000"},
		{"what cannot be read", Setup{Settings: "hunter2"}, "playground ctl setup --settings (redacted)"},
		{"nothing to hide", Kill{Node: "7000"}, "playground ctl kill 7000"},
		{"nothing at all", Setup{}, "playground ctl setup"},
	} {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, (&Lab{id: MainLab}).commandToShow(tt.do)) })
	}
}

func TestACommandNamesItsLabUnlessThatIsTheMainOne(t *testing.T) {
	require.Equal(t, "playground ctl kill 7000", (&Lab{id: MainLab}).commandToShow(Kill{Node: "7000"}))
	require.Equal(t, "playground ctl --lab b kill 7000", (&Lab{id: "b"}).commandToShow(Kill{Node: "7000"}))
}
