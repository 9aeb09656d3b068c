package network

import "bytes"

// Types of what passes between Sentinels and those they watch. A lab with Sentinels has no bus, so
// PING and PONG mean one thing in every lab.
const (
	TypeWatchPing = 35 // a Sentinel's PING
	TypeWatchPong = 36 // the answer to it
	TypeInfo      = 37 // INFO, or the answer
	TypeHello     = 38 // on __sentinel__:hello, from a Sentinel or to one
	TypeAskDown   = 39 // is-master-down-by-addr without a candidate
	TypeAskVote   = 40 // the same with one: vote for me
	TypeVote      = 41 // the answer that names whom the vote is for
	TypeReplicaOf = 42 // a node is given another master, or none
)

// told is by what a frame is known, the weightiest first: commands come in pipelines.
var told = []struct {
	word []byte
	kind uint8
}{
	{[]byte("SLAVEOF\r\n"), TypeReplicaOf},
	{[]byte("__sentinel__:hello\r\n"), TypeHello},
	{[]byte("INFO\r\n"), TypeInfo},
	{[]byte("# Server\r\n"), TypeInfo},
	{[]byte("PING\r\n"), TypeWatchPing},
	{[]byte("+PONG\r\n"), TypeWatchPong},
}

// toldWithin is how far into a frame its kind is looked for.
const toldWithin = 512

// downByAddr asks whether a master is down; its last argument is a candidate, or nobody.
var downByAddr, nobody = []byte("is-master-down-by-addr\r\n"), []byte("\r\n$1\r\n*\r\n")

// answerDown begins the answer to it: down or not, and then a run id of forty digits when a vote was given.
var answerDown, voted = []byte("*3\r\n:"), []byte("\r\n$40\r\n")

// sentinelType reads the type of a frame on a Sentinel's link.
func sentinelType(data []byte) uint8 {
	data = data[:min(len(data), toldWithin)]
	if at := bytes.Index(data, downByAddr); at >= 0 {
		if bytes.Contains(data[at:], nobody) {
			return TypeAskDown
		}
		return TypeAskVote
	}
	if bytes.HasPrefix(data, answerDown) && bytes.Contains(data, voted) {
		return TypeVote
	}
	for _, t := range told {
		if bytes.Contains(data, t.word) {
			return t.kind
		}
	}
	return TypeSentinel
}
