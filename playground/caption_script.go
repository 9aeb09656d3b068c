package playground

import "clusterplay/node/event"

// captionScript tells of scripts that keep a node busy.
func captionScript(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.ScriptBusy:
		return say("script-busy", "me", me, "kill", v.Kill), Bad
	case event.ScriptOver:
		switch {
		case v.Limit > 0:
			return say("script-ended", "me", me, "limit", v.Limit.String()), Bad
		case v.Killed:
			return say("script-killed", "me", me), Good
		}
		return say("script-over", "me", me), Good
	}
	return nothing, Detail
}
