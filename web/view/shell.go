package view

import "github.com/a-h/templ"

// Shell is what the page needs to know before the first message of the WebSocket.
type Shell struct {
	Script string            // address of app.js
	Style  string            // address of style.css
	Built  bool              // false when the front end was not built; the page then says how to
	Words  map[string]string // the sentences the scripts say, by id
}

// Kinds of lab for which an element is there, as core/kinds.ts reads them from data-kinds.
const (
	inCluster = "cluster"
	inPlain   = "replication chain sentinel"
	inWatched = "sentinel"
)

// forKinds is the attribute that says for which kinds of lab an element is there; none for all.
func forKinds(kinds string) templ.Attributes {
	if kinds == "" {
		return nil
	}
	return templ.Attributes{"data-kinds": kinds}
}

// Button is an action of the inspector: the verb it calls, the ids of its label and help, the key
// that does the same, and the kinds of lab that have it.
type Button struct {
	Verb  string
	Label string
	Key   string
	Help  string
	Icon  string
	For   string
}

// NodeButtons are the actions on one node, in the order in which a class meets them.
func NodeButtons() []Button {
	return []Button{
		{Verb: "kill", Label: "act.kill", Key: "K", Help: "act.kill-help", Icon: "cross"},
		{Verb: "restart", Label: "act.restart", Key: "R", Help: "act.restart-help", Icon: "again"},
		{Verb: "freeze", Label: "act.freeze", Key: "P", Help: "act.freeze-help", Icon: "pause"},
		{Verb: "isolate", Label: "act.isolate", Key: "I", Help: "act.isolate-help", Icon: "cut"},
		{Verb: "failover", Label: "act.failover", Key: "F", Help: "act.failover-help", Icon: "swap"},
		{Verb: "promote", Label: "act.promote", Key: "", Help: "act.promote-help", Icon: "up", For: "replication chain"},
		{Verb: "rewire", Label: "act.rewire", Key: "", Help: "act.rewire-help", Icon: "wire", For: "replication chain"},
		{Verb: "add-replica", Label: "act.add-replica", Key: "", Help: "act.add-replica-help", Icon: "plus"},
		{Verb: "remove", Label: "act.remove", Key: "Del", Help: "act.remove-help", Icon: "bin"},
	}
}

// Key is one line of the keyboard help; Does is the id of a sentence.
type Key struct{ Press, Does string }

// Keys lists every key the console listens to.
func Keys() []Key {
	return []Key{
		{"↑ ↓ ← →", "key.walk"},
		{"Enter", "key.inspect"},
		{"G", "key.walkon"},
		{"O", "key.menu"},
		{"K", "key.kill"},
		{"R", "key.restart"},
		{"P", "key.freeze"},
		{"F", "key.failover"},
		{"I", "key.isolate"},
		{"M", "key.moves"},
		{"N", "key.add"},
		{"Del", "key.remove"},
		{"H", "key.heal"},
		{"Space", "key.pause"},
		{".", "key.step"},
		{"[ ]", "key.speed"},
		{"+ _ 0", "key.zoom"},
		{"− =", "key.picture"},
		{"←/→", "key.flags"},
		{"Shift+←/→", "key.second"},
		{"End", "key.live"},
		{"D", "key.director"},
		{"Shift+↵", "key.pick"},
		{"B", "key.mark"},
		{"V", "key.view"},
		{"1 2 3 4", "key.places"},
		{"S", "key.labs"},
		{"L", "key.learn"},
		{"`", "key.terminal"},
		{"T", "key.theme"},
		{"E", "key.language"},
		{"J", "key.projector"},
		{"Shift+R", "key.reset"},
		{"Ctrl+K", "key.palette"},
		{"?", "key.help"},
	}
}

// Place is one screen of the console; Label is the id of its name.
type Place struct{ ID, Label, Key, Icon, For string }

// Places are the screens in the order of the rail.
func Places() []Place {
	return []Place{
		{"stage", "place.stage", "1", "stage", ""}, {"slots", "place.slots", "2", "slots", inCluster},
		{"metrics", "place.metrics", "3", "metrics", ""}, {"learn", "place.learn", "4", "book", ""},
	}
}

// Tab is one tab of the side panel; Label is the id of its name.
type Tab struct{ ID, Label, For string }

// Tabs are the tabs of the side panel.
func Tabs() []Tab {
	return []Tab{
		{"node", "tab.node", ""}, {"replication", "tab.stream", inPlain}, {"sentinels", "tab.sentinels", inWatched},
		{"beliefs", "tab.beliefs", inCluster}, {"network", "tab.network", ""}, {"slots", "tab.slots", inCluster},
		{"load", "tab.load", ""}, {"bytes", "tab.bytes", inCluster},
	}
}

// Speeds are the clock speeds the status bar offers, from one hundredth of life to a hundredfold.
func Speeds() []Choice {
	return []Choice{
		{"0.01", "1/100×"}, {"0.05", "1/20×"}, {"0.1", "1/10×"}, {"0.25", "¼×"}, {"0.5", "½×"},
		{"1", "1×"}, {"2", "2×"}, {"5", "5×"}, {"10", "10×"}, {"100", "100×"},
	}
}

// Rates are the speeds of the picture while the past is shown.
func Rates() []Choice {
	return []Choice{{"0.125", "⅛×"}, {"0.25", "¼×"}, {"0.5", "½×"}, {"1", "1×"}, {"2", "2×"}, {"4", "4×"}}
}

// Choice is one option of a select.
type Choice struct{ Value, Label string }

// FrameTypes are the frames a rule can wait for, with the kinds of lab in which there are such.
func FrameTypes() []FrameType {
	types := []FrameType{{"any", ""}}
	for _, packet := range []string{"PING", "PONG", "MEET", "FAIL", "AUTH_REQ", "AUTH_ACK", "UPDATE", "MFSTART"} {
		kinds := inCluster
		if packet == "PING" || packet == "PONG" { // Sentinels send them, too
			kinds += " " + inWatched
		}
		types = append(types, FrameType{packet, kinds})
	}
	types = append(types, FrameType{"STREAM", inPlain})
	for _, said := range []string{"HELLO", "INFO", "ASK_DOWN", "ASK_VOTE", "VOTE", "REPLICAOF", "SENTINEL"} {
		types = append(types, FrameType{said, inWatched})
	}
	return types
}

// FrameType is a kind of frame by the name that verbs give it.
type FrameType struct{ Name, For string }

// Heats are what the colours of the slot map can mean; Label is the id of its name.
func Heats() []Choice {
	return []Choice{{"owner", "slotmap.byowner"}, {"keys", "slotmap.bykeys"}, {"ops", "slotmap.byops"}}
}

// Spans are the windows of time of the charts, in minutes; Label is the id of its name.
func Spans() []Choice {
	return []Choice{{"1", "metrics.min1"}, {"5", "metrics.min5"}, {"15", "metrics.min15"}}
}

// Looks are what the inspector shows of a node; Value is the name under which the lab is asked.
func Looks() []Look {
	return []Look{
		{"overview", "look.overview", ""}, {"info", "look.info", ""}, {"cluster", "look.cluster", inCluster}, {"nodes", "look.nodes", inCluster},
		{"shards", "look.shards", inCluster}, {"links", "look.links", inCluster}, {"keys", "look.keys", ""}, {"config", "look.config", ""},
		{"clients", "look.clients", ""}, {"slowlog", "look.slowlog", ""},
	}
}

// Look is one thing that a node says about itself; Label is the id of its name.
type Look struct{ Value, Label, For string }

// lookPanel is the id of the panel that a look is shown in: the overview has its own.
func lookPanel(i int) string {
	if i == 0 {
		return "look-panel"
	}
	return "look-answer"
}

// SlotCounts are the numbers of slots whose heartbeats are compared; Label is the id of its name.
func SlotCounts() []Choice { return []Choice{{"16384", "bytes.small"}, {"65536", "bytes.large"}} }

// LabKind is a kind of lab; Label and Help are ids of sentences.
type LabKind struct{ Value, Label, Help string }

// LabKinds are the kinds of lab that can be opened, the default first.
func LabKinds() []LabKind {
	return []LabKind{
		{"cluster", "labs.kind-cluster", "labs.kind-cluster-help"},
		{"replication", "labs.kind-replication", "labs.kind-replication-help"},
		{"chain", "labs.kind-chain", "labs.kind-chain-help"},
		{"sentinel", "labs.kind-sentinel", "labs.kind-sentinel-help"},
	}
}
