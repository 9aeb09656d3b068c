package playground

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWordsAndJSONMakeTheSameAction(t *testing.T) {
	for _, row := range []struct {
		line    string
		body    string
		want    Action
		command string // "" when it is the line itself
	}{
		{"kill 7001", `{"node":"7001"}`, Kill{Node: "7001"}, ""},
		{"partition 7001,7004 / rest --one-way", `{"groups":[["7001","7004"],["rest"]],"oneWay":true}`,
			Partition{Groups: [][]string{{"7001", "7004"}, {"rest"}}, OneWay: true}, ""},
		{"partition 7001 7002", `{"groups":[["7001"],["7002"]]}`,
			Partition{Groups: [][]string{{"7001"}, {"7002"}}}, "partition 7001 / 7002"},
		{"delay 7000 7001 200ms~50ms", `{"from":"7000","to":"7001","delayMs":200,"jitterMs":50}`,
			Delay{From: "7000", To: "7001", DelayMs: 200, JitterMs: 50}, "delay 7000 7001 200ms 50ms"},
		{"delay from 7000 to 7001 --bandwidth 1000", `{"from":"7000","to":"7001","bandwidth":1000}`,
			Delay{From: "7000", To: "7001", Bandwidth: 1000}, "delay 7000 7001 --bandwidth 1000"},
		{"hold 7004->7000 AUTH_REQ 2", `{"from":"7004","to":"7000","type":"AUTH_REQ","count":2}`,
			Hold{From: "7004", To: "7000", Type: "AUTH_REQ", Count: 2}, "hold 7004 7000 AUTH_REQ 2"},
		{"drop --type AUTH_ACK --to 7004", `{"type":"AUTH_ACK","to":"7004"}`, Drop{To: "7004", Type: "AUTH_ACK"}, "drop --to 7004 --type AUTH_ACK"},
		{"drop 4711", `{"frame":4711}`, Drop{Frame: 4711}, ""},
		{"add-replica of 7000", `{"of":"7000"}`, AddReplica{Of: "7000"}, "add-replica 7000"},
		{"move-slots from 7000 to 7001 100", `{"from":"7000","to":"7001","count":100}`,
			MoveSlots{From: "7000", To: "7001", Count: 100}, "move-slots 7000 7001 100"},
		{"move-slots 7000 7001 100 step", `{"from":"7000","to":"7001","count":100,"mode":"step"}`,
			MoveSlots{From: "7000", To: "7001", Count: 100, Mode: "step"}, "move-slots 7000 7001 100 step"},
		{"move-slots 7000 7001 0-9,20-29 step", `{"from":"7000","to":"7001","slots":"0-9,20-29","mode":"step"}`,
			MoveSlots{From: "7000", To: "7001", Slots: "0-9,20-29", Mode: "step"}, ""},
		{"move-slots 7000 7001 --slots 3300", `{"from":"7000","to":"7001","slots":"3300"}`,
			MoveSlots{From: "7000", To: "7001", Slots: "3300"}, ""},
		{"move-slots 7000 7001 --count=5", `{"from":"7000","to":"7001","count":5}`,
			MoveSlots{From: "7000", To: "7001", Count: 5}, "move-slots 7000 7001 5"},
		{"config-set 7000 save 60 1000", `{"node":"7000","name":"save","value":"60 1000"}`,
			ConfigSet{Node: "7000", Name: "save", Value: "60 1000"}, ""},
		{"load off", `{"rate":0}`, LoadRate{}, "load 0"},
		{"speed 0.25", `{"factor":0.25}`, Speed{Factor: 0.25}, ""},
		{"mark before the kill of 7001", `{"text":"before the kill of 7001"}`, SetMark{Text: "before the kill of 7001"}, ""},
		{"move-abort --leave", `{"leave":true}`, MoveAbort{Leave: true}, ""},
		{"pause", ``, Pause{}, ""},
	} {
		t.Run(row.line, func(t *testing.T) {
			words := strings.Fields(row.line)
			parsed, err := Parse(words[0], words[1:])
			require.NoError(t, err)
			require.Equal(t, row.want, parsed)
			decoded, err := Decode(words[0], []byte(row.body))
			require.NoError(t, err)
			require.Equal(t, row.want, decoded)
			command := row.command
			if command == "" {
				command = row.line
			}
			require.Equal(t, "playground ctl "+command, CommandLine(parsed))
			again := strings.Fields(command)
			same, err := Parse(again[0], again[1:])
			require.NoError(t, err)
			require.Equal(t, row.want, same, "the command line says the same")
		})
	}
}

func TestBadArgumentsNameTheFieldAndTheUsage(t *testing.T) {
	for _, row := range []struct {
		name, verb, line, body string
		field                  string
	}{
		{"unknown verb", "explode", "", "", "verb"},
		{"missing node", "kill", "", "{}", "node"},
		{"one word too many", "kill", "7000 7001", "", ""},
		{"unknown argument", "kill", "--now", `{"node":"7000","now":1}`, "now"},
		{"wrong type", "kill", "", `{"node":7}`, "node"},
		{"no number", "load", "many", `{"rate":"many"}`, "rate"},
		{"a fraction", "load", "1.5", `{"rate":1.5}`, "rate"},
		{"not a time", "delay", "7000 7001 soon", "", "delayMs"},
		{"missing slots", "move-slots", "7000 7001", `{"from":"7000","to":"7001"}`, "slots"},
		{"not an object", "kill", "", `[]`, ""},
		{"two objects", "pause", "", `{}{}`, ""},
		{"a flag without its value", "load", "--rate", "", "rate"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if row.line != "" || row.body == "" {
				_, err := Parse(row.verb, strings.Fields(row.line))
				require.Error(t, err)
				require.Equal(t, row.field, AsError(err).Field)
			}
			if row.body != "" {
				_, err := Decode(row.verb, []byte(row.body))
				require.Error(t, err)
				require.Equal(t, row.field, AsError(err).Field)
			}
		})
	}
}

func TestEveryExampleIsAValidAction(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Verbs() {
		require.False(t, seen[s.Verb], "%s is listed once", s.Verb)
		seen[s.Verb] = true
		words := strings.Fields(s.Example)
		a, err := Parse(words[0], words[1:])
		require.NoError(t, err, s.Example)
		require.Equal(t, s.Verb, a.Verb())
		require.NotEmpty(t, s.Help)
		text, err := json.Marshal(s)
		require.NoError(t, err)
		require.NotContains(t, string(text), "null")
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range Verbs() {
		f.Add(s.Verb, `{"node":"7000","groups":[["a"]],"count":1}`)
	}
	f.Fuzz(func(t *testing.T, verb, body string) {
		a, err := Decode(verb, []byte(body))
		if err == nil {
			require.Equal(t, verb, a.Verb())
			require.NotEmpty(t, CommandLine(a))
		}
	})
}
