package playground

import "clusterplay/node/event"

// captionLab tells what people did to the lab, and what the lab did.
func captionLab(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case Input:
		if v.Verb == (Step{}).Verb() {
			return say("input", "command", v.Command), Detail // hundreds of these would push the story out
		}
		return say("input", "command", v.Command), Info
	case Refused:
		return say("refused", "why", v.Reason), Warn
	case NodeState:
		return captionState(me, v)
	case Formed:
		return say("formed", "nodes", itoa(v.Nodes)), Good
	case Mark:
		return say("mark", "text", v.Text), Info
	case SlotMoved:
		return say("slot-moved", "slot", shortSlots(v.Slots), "from", v.From, "node", v.To, "keys", itoa(v.Keys), "done", itoa(v.Done), "of", itoa(v.Of)), Detail
	case MoveEnded:
		return say("move-ended", "state", "@move."+v.State, "done", itoa(v.Done), "of", itoa(v.Of)), Info
	case Stalled:
		return say("stalled"), Warn
	}
	return nothing, Detail
}

// captionState tells what has become of a node.
func captionState(me string, s NodeState) (Saying, string) {
	switch s.State {
	case "killed":
		return say("killed", "me", me), Bad
	case "frozen":
		return say("frozen", "me", me), Warn
	case "up":
		return say("runs", "me", me), Good
	case "crashed":
		return say("crashed", "me", me, "why", s.Why), Bad
	case "stopped":
		return say("stopped", "me", me), Info
	}
	return nothing, Detail
}
