package playground

import "clusterplay/node/event"

// captionScript tells of scripts that keep a node busy.
func captionScript(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.ScriptBusy:
		return say("script-busy", "me", me, "kill", v.Kill), Bad
	case event.ScriptOver:
		if v.Killed {
			return say("script-killed", "me", me), Good
		}
		return say("script-over", "me", me), Good
	}
	return nothing, Detail
}
