package view

// Shell is what the page needs to know before the first message of the WebSocket.
type Shell struct {
	Script  string // address of app.js
	Style   string // address of style.css
	Built   bool   // false when the front end was not built; the page then says how to
	Initial any    // a snapshot to draw at once, written as a JSON island; nil leaves the skeleton
}

// Button is an action of the inspector: what it says, the verb it calls, the key that does the same.
type Button struct {
	Verb  string
	Label string
	Key   string
	Help  string
	Icon  string
}

// NodeButtons are the actions on one node, in the order in which a class meets them.
func NodeButtons() []Button {
	return []Button{
		{Verb: "kill", Label: "Kill", Key: "K", Help: "End the node at once: sockets close, no goodbye", Icon: "cross"},
		{Verb: "restart", Label: "Restart", Key: "R", Help: "Start the node again from its files", Icon: "again"},
		{Verb: "freeze", Label: "Freeze", Key: "P", Help: "Stop the node as SIGSTOP would: sockets stay open, nothing answers", Icon: "pause"},
		{Verb: "isolate", Label: "Isolate", Key: "I", Help: "Cut the node off from all the others", Icon: "cut"},
		{Verb: "failover", Label: "Fail over", Key: "F", Help: "Ask the shard's replica to take over", Icon: "swap"},
		{Verb: "add-replica", Label: "Add replica", Key: "", Help: "Start a new replica for this node's shard", Icon: "plus"},
		{Verb: "remove", Label: "Remove", Key: "Del", Help: "Take the node out of the cluster", Icon: "bin"},
	}
}

// Key is one line of the keyboard help.
type Key struct{ Press, Does string }

// Keys lists every key the console listens to.
func Keys() []Key {
	return []Key{
		{"↑ ↓ ← →", "walk from node to node on the stage"},
		{"Enter", "open the inspector for the node"},
		{"K", "kill the node"},
		{"R", "restart the node"},
		{"P", "freeze the node, or thaw it"},
		{"F", "fail over to the node, or to its replica"},
		{"I", "isolate the node from all others"},
		{"M", "move slots"},
		{"N", "add a master; Shift+N adds a replica"},
		{"Del", "remove the node"},
		{"H", "heal every link"},
		{"Space", "pause the lab, or resume it"},
		{".", "one step: the next frame or timer"},
		{"− =", "slow the lab down, speed it up"},
		{"B", "mark this moment in the story"},
		{"V", "view the cluster as the selected node believes it to be"},
		{"1 2 3 4", "stage, slots, metrics, lessons"},
		{"L", "open or close the lessons; Page Down and Page Up walk through one"},
		{"`", "go to the terminal, Esc comes back"},
		{"T", "dark, light, or as the system says"},
		{"J", "projector mode"},
		{"Shift+R", "reset the lab"},
		{"Ctrl+K", "type any command of the lab"},
		{"?", "this help"},
	}
}

// Place is one screen of the console.
type Place struct{ ID, Label, Key, Icon string }

// Places are the screens in the order of the rail.
func Places() []Place {
	return []Place{
		{"stage", "Stage", "1", "stage"}, {"slots", "Slots", "2", "slots"},
		{"metrics", "Metrics", "3", "metrics"}, {"learn", "Learn", "4", "book"},
	}
}

// Tab is one tab of the side panel.
type Tab struct{ ID, Label string }

// Tabs are the tabs of the side panel.
func Tabs() []Tab {
	return []Tab{{"node", "Node"}, {"beliefs", "Beliefs"}, {"network", "Network"}, {"slots", "Slots"}, {"load", "Load"}}
}

// Speeds are the clock speeds the status bar offers, from one hundredth of life to a hundredfold.
func Speeds() []Choice {
	return []Choice{
		{"0.01", "1/100×"}, {"0.05", "1/20×"}, {"0.1", "1/10×"}, {"0.25", "¼×"}, {"0.5", "½×"},
		{"1", "1×"}, {"2", "2×"}, {"5", "5×"}, {"10", "10×"}, {"100", "100×"},
	}
}

// Choice is one option of a select.
type Choice struct{ Value, Label string }

// FrameTypes are the bus packets a rule can wait for.
func FrameTypes() []string {
	return []string{"any", "PING", "PONG", "MEET", "FAIL", "AUTH_REQ", "AUTH_ACK", "UPDATE", "MFSTART"}
}
