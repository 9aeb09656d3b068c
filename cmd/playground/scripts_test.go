package main_test

import (
	"testing"
	"time"

	"clusterplay/playground"
)

const (
	// mostSlip is how much later than it should a heartbeat may leave while other nodes compute.
	mostSlip = 200 * time.Millisecond
	// slipTries is how often that is looked at: a computer with much else to do may be late now and then,
	// nodes that wait for each other always.
	slipTries = 5
)

// TestSEC25ScriptsThatNeverEndDelayNobodysHeartbeat lets ten of twelve nodes compute and watches the other two.
func TestSEC25ScriptsThatNeverEndDelayNobodysHeartbeat(t *testing.T) {
	l := launchLab(t, playground.Topology{Masters: 6, Replicas: 1, NodeTimeout: 15000, Settings: map[string]string{"busy-reply-threshold": "100"}})
	nodes := members(l)
	late := time.Duration(0)
	for range slipTries {
		var slow time.Duration
		late, slow = besideScripts(t, l, nodes[:10], nodes[10:])
		t.Logf("the latest heartbeat by %v, the slowest answer after %v", late, slow)
		if late <= mostSlip {
			return
		}
	}
	t.Errorf("a heartbeat was late by %v each time, the last time by %v", mostSlip, late)
}
