package command

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOutcomesOfChanceArePropagatedAsWhatHappened(t *testing.T) {
	h := newTestHost()
	h.do("sadd", "s", "a", "b", "c", "d")
	member := parseReply(t, h.do("spop", "s")).text
	require.Equal(t, "SREM s "+member, h.last())
	require.Equal(t, []string{"spop s"}, h.events)

	before := len(h.stream)
	list := parseReply(t, h.do("spop", "s", "2")).list
	require.Equal(t, [][]string{{"SREM", "s", list[0].text}, {"SREM", "s", list[1].text}}, h.stream[before:])

	h.do("spop", "s", "9")
	require.Equal(t, "DEL s", h.last())
	require.Equal(t, []string{"spop s", "del s"}, h.events)
}

func TestRepeatedDrawsStayWithinTheirBudget(t *testing.T) {
	h := newTestHost()
	h.do("sadd", "s", "a", "b")
	h.do("hset", "h", "f", "v")
	h.do("zadd", "z", "1", "m")
	h.do("sadd", "big", strings.Repeat("x", 1<<20))
	const refused = "-ERR value is out of range\r\n"
	require.Equal(t, refused, h.do("srandmember", "s", "-9223372036854775807"))
	require.Equal(t, refused, h.do("hrandfield", "h", "-9223372036854775807"))
	require.Equal(t, refused, h.do("hrandfield", "h", "-4611686018427387000", "withvalues"))
	require.Equal(t, refused, h.do("zrandmember", "z", "-9223372036854775807"))
	require.Equal(t, refused, h.do("srandmember", "big", "-1000"))
	require.Len(t, parseReply(t, h.do("srandmember", "s", "-100000")).list, 100_000)
	require.Len(t, parseReply(t, h.do("hrandfield", "h", "-9")).list, 9)
	require.Len(t, parseReply(t, h.do("zrandmember", "z", "-9", "withscores")).list, 18)
}

func TestDrawsOfFewAreDifferentMembersWithTheirCompanions(t *testing.T) {
	for _, size := range []int{10, 1000} {
		h := newTestHost()
		for i := range size {
			n := strconv.Itoa(i)
			h.do("sadd", "s", "m"+n)
			h.do("hset", "h", "m"+n, n)
			h.do("zadd", "z", n, "m"+n)
		}
		for _, line := range []string{"srandmember s 7", "hrandfield h 7 withvalues", "zrandmember z 7 withscores"} {
			args, seen := strings.Fields(line), map[string]bool{}
			list := parseReply(t, h.do(args...)).list
			each := len(args) - 2
			require.Len(t, list, 7*each, line)
			for draw := range slices.Chunk(list, each) {
				seen[draw[0].text] = true
				require.Equal(t, draw[0].text, "m"+strings.TrimPrefix(draw[each-1].text, "m"), line)
			}
			require.Len(t, seen, 7, line)
		}
		require.Equal(t, "m", parseReply(t, h.do("srandmember", "s")).text[:1])
	}
}
