package server

import "testing"

func TestPublishReachesChannelsAndThenPatterns(t *testing.T) {
	newDriver(t).play(`
a> SUBSCRIBE news
a: *3|$9|subscribe|$4|news|:1|
a> PSUBSCRIBE n*
a: *3|$10|psubscribe|$2|n*|:2|
b> HELLO 3
b: %7|$6|server|$5|redis|$7|version|$6|7.0.15|$5|proto|:3|$2|id|:2|$4|mode|$10|standalone|$4|role|$6|master|$7|modules|*0|
b> SUBSCRIBE news
b: >3|$9|subscribe|$4|news|:1|
x> PUBLISH news hi
x: :3|
a: *3|$7|message|$4|news|$2|hi|*4|$8|pmessage|$2|n*|$4|news|$2|hi|
b: >3|$7|message|$4|news|$2|hi|
x> PUBSUB CHANNELS
x: *1|$4|news|
x> PUBSUB NUMSUB news none
x: *4|$4|news|:2|$4|none|:0|
x> PUBSUB NUMPAT
x: :1|
a> UNSUBSCRIBE
a: *3|$11|unsubscribe|$4|news|:1|
a> PUNSUBSCRIBE
a: *3|$12|punsubscribe|$2|n*|:0|
a> UNSUBSCRIBE
a: *3|$11|unsubscribe|$-1|:0|
`)
}

func TestSubscribedClientInRESP2MayOnlyManageItsSubscriptions(t *testing.T) {
	newDriver(t).play(`
a> SUBSCRIBE c
a: *3|$9|subscribe|$1|c|:1|
a> GET k
a: -ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context|
a> PING
a: *2|$4|pong|$0||
a> RESET
a: +RESET|
a> GET k
a: $-1|
`)
}

func TestSubscriberThatHangsUpIsNotCounted(t *testing.T) {
	d := newDriver(t)
	d.do("a", "SUBSCRIBE c")
	d.drop("a")
	d.play(`
x> PUBLISH c hi
x: :0|
`)
}

func TestKeyspaceEventsArePublished(t *testing.T) {
	newDriver(t).play(`
x> CONFIG SET notify-keyspace-events KEA
x: +OK|
x> CONFIG GET notify-keyspace-events
x: *2|$22|notify-keyspace-events|$3|AKE|
a> PSUBSCRIBE __key*
a: *3|$10|psubscribe|$6|__key*|:1|
x> SET k v
x: +OK|
a: *4|$8|pmessage|$6|__key*|$16|__keyspace@0__:k|$3|set|*4|$8|pmessage|$6|__key*|$18|__keyevent@0__:set|$1|k|
`)
}

func TestMonitorSeesCommandsOfOthersButNotAdministration(t *testing.T) {
	newDriver(t).play(`
m> MONITOR
m: +OK|
a> SET k 'a b'
a: +OK|
m: +1700000000.000000 [0 127.0.0.1:50002] "SET" "k" "a b"|
a> CONFIG GET port
a: *2|$4|port|$4|7000|
m:
`)
}

func TestClientReplySkipsOneReply(t *testing.T) {
	newDriver(t).play(`
a> CLIENT REPLY SKIP
a:
a> PING
a:
a> PING
a: +PONG|
a> CLIENT REPLY OFF
a:
a> PING
a:
a> CLIENT REPLY ON
a: +OK|
`)
}
