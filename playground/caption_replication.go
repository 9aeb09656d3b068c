package playground

import "clusterplay/node/event"

// captionReplica tells what a node does for its replicas, or for its master.
func (l *Lab) captionReplica(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.PsyncFull:
		if v.Why == event.Forced {
			return say("full-asked", "me", me), Info
		}
		return say("full", "me", me, "why", because(v.Why)), Warn
	case event.PsyncPartial:
		return say("partial", "me", me, "bytes", number(v.Bytes)), Good
	case event.ReplicaOnline:
		return say("replica-online", "me", me, "node", l.nameAt(v.Replica)), Note
	case event.ReplicaLost:
		return say("replica-lost", "me", me, "node", l.nameAt(v.Replica), "why", because(v.Why)), Note
	case event.ReplicaOf:
		return say("replicaof", "me", me, "node", l.nameAt(v.Master)), Note
	case event.MasterMode:
		return say("own-history", "me", me), Note
	case event.Failover:
		return say("failover", "me", me, "node", l.nameAt(v.Target), "step", "@failover."+v.Step), Info
	}
	return nothing, Detail
}

// captionSync tells of a replica's link to its master and of the history that flows over it.
func (l *Lab) captionSync(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.MasterLinkUp:
		if v.Partial {
			return say("follows-on", "me", me, "node", l.nameAt(v.Master)), Note
		}
		return say("follows", "me", me, "node", l.nameAt(v.Master)), Note
	case event.MasterLinkDown:
		return say("master-link-down", "me", me, "node", l.nameAt(v.Master), "why", because(v.Why)), Note
	case event.SyncStart:
		return say("sync-start", "me", me, "node", l.nameAt(v.Master)), Note
	case event.SyncProgress:
		return say("sync-progress", "me", me, "node", l.nameAt(v.Master), "bytes", number(v.Read)), Detail
	case event.SyncDone:
		return say("sync-done", "me", me, "node", l.nameAt(v.Master), "bytes", number(v.Bytes)), Note
	case event.ReplIDChanged:
		return say("replid", "me", me, "why", because(v.Why)), Detail
	case event.BacklogCreated:
		return say("backlog-created", "me", me, "bytes", number(v.Size)), Detail
	case event.BacklogFreed:
		return say("backlog-freed", "me", me, "why", because(v.Why)), Detail
	}
	return nothing, Detail
}
