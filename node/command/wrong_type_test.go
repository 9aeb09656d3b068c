package command

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
)

func TestEveryContainerCommandRefusesAStringInItsPlace(t *testing.T) {
	for _, line := range []string{
		"lpush s a", "rpush s a", "lpushx s a", "rpushx s a", "lpop s", "rpop s 2", "llen s", "lrange s 0 -1",
		"lindex s 0", "lset s 0 a", "linsert s before a b", "lrem s 0 a", "ltrim s 0 1", "lpos s a",
		"lmove s x left left", "lmove l s left left", "rpoplpush s x", "rpoplpush l s", "lmpop 1 s left",
		"blpop s 0", "brpop x s 0", "blmove s x left left 0", "brpoplpush l s 0", "blmpop 0 2 x s right",
		"sadd s a", "srem s a", "smembers s", "sismember s a", "smismember s a", "scard s", "spop s", "spop s 1",
		"srandmember s", "srandmember s 1", "smove s x a", "smove set s a", "sinter x s", "sinterstore d x s",
		"sintercard 2 x s", "sunion x s", "sunionstore d s", "sdiff x s", "sdiffstore d x s", "sscan s 0",
		"zadd s 1 a", "zincrby s 1 a", "zrem s a", "zcard s", "zcount s 0 1", "zlexcount s - +", "zscore s a",
		"zmscore s a", "zrank s a", "zrevrank s a", "zrange s 0 1", "zrangestore d s 0 1", "zrevrange s 0 1",
		"zrangebyscore s 0 1", "zrevrangebyscore s 1 0", "zrangebylex s - +", "zrevrangebylex s + -",
		"zremrangebyrank s 0 1", "zremrangebyscore s 0 1", "zremrangebylex s - +", "zpopmin s", "zpopmax s 0",
		"bzpopmin s 0", "bzpopmax x s 0", "zmpop 1 s min", "bzmpop 0 1 s max", "zunion 1 s", "zinter 2 x s",
		"zdiff 1 s", "zunionstore d 1 s", "zinterstore d 1 s", "zdiffstore d 1 s", "zintercard 1 s",
		"zrandmember s", "zrandmember s 1", "zscan s 0",
		"hset s f v", "hsetnx s f v", "hmset s f v", "hget s f", "hmget s f", "hgetall s", "hkeys s", "hvals s",
		"hlen s", "hexists s f", "hdel s f", "hincrby s f 1", "hincrbyfloat s f 1", "hstrlen s f",
		"hrandfield s", "hrandfield s 1", "hscan s 0",
	} {
		t.Run(line, func(t *testing.T) {
			h := newTestHost()
			h.do("set", "s", "text")
			h.do("rpush", "l", "a", "b")
			h.do("sadd", "set", "a", "b")
			require.Equal(t, "-"+resp.ErrWrongType+"\r\n", h.do(strings.Fields(line)...))
			require.Empty(t, h.events)
			require.Len(t, h.stream, 3, "nothing is propagated")
			require.Equal(t, 3, h.context.DB.Len())
		})
	}
}
