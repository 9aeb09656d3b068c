package event

import (
	"fmt"
	"strings"
)

// MonitorStarted: a Sentinel watches a master from now on.
type MonitorStarted struct {
	Monitored
	Quorum int `json:"quorum"`
}

// Name is "+monitor".
func (MonitorStarted) Name() string { return "+monitor" }

// Payload names the master and its quorum.
func (e MonitorStarted) Payload() string { return fmt.Sprintf("%v quorum %d", e.Monitored, e.Quorum) }

// Describe is the event's canonical line.
func (e MonitorStarted) Describe() string { return line(e) }

// MonitorEnded: a Sentinel no longer watches a master.
type MonitorEnded struct{ Monitored }

// Name is "-monitor".
func (MonitorEnded) Name() string { return "-monitor" }

// Describe is the event's canonical line.
func (e MonitorEnded) Describe() string { return line(e) }

// MasterReset: a Sentinel forgot all it had learnt about a master.
type MasterReset struct{ Monitored }

// Name is "+reset-master".
func (MasterReset) Name() string { return "+reset-master" }

// Describe is the event's canonical line.
func (e MasterReset) Describe() string { return line(e) }

// MonitorSet: an option of a master was changed by SENTINEL SET.
type MonitorSet struct {
	Monitored
	Option string   `json:"option"`
	Values []string `json:"values"` // a password is six stars
}

// Name is "+set".
func (MonitorSet) Name() string { return "+set" }

// Payload names the master, the option and its values.
func (e MonitorSet) Payload() string {
	return e.String() + " " + e.Option + " " + strings.Join(e.Values, " ")
}

// Describe is the event's canonical line.
func (e MonitorSet) Describe() string { return line(e) }

// ReplicaFound: a master's INFO named a replica that was not known.
type ReplicaFound struct{ Monitored }

// Name is "+slave".
func (ReplicaFound) Name() string { return "+slave" }

// Describe is the event's canonical line.
func (e ReplicaFound) Describe() string { return line(e) }

// SentinelFound: a hello came from a Sentinel that was not known.
type SentinelFound struct{ Monitored }

// Name is "+sentinel".
func (SentinelFound) Name() string { return "+sentinel" }

// Describe is the event's canonical line.
func (e SentinelFound) Describe() string { return line(e) }

// SentinelMoved: a known Sentinel said hello from another address.
type SentinelMoved struct {
	Monitored        // the master
	NewIP     string `json:"newIp"`
	NewPort   int    `json:"newPort"`
	RunID     string `json:"runId"`
}

// Name is "+sentinel-address-switch".
func (SentinelMoved) Name() string { return "+sentinel-address-switch" }

// Payload names the master, the new address and the Sentinel.
func (e SentinelMoved) Payload() string {
	return fmt.Sprintf("%v ip %s port %d for %s", e.Monitored, e.NewIP, e.NewPort, e.RunID)
}

// Describe is the event's canonical line.
func (e SentinelMoved) Describe() string { return line(e) }

// SentinelAddressUpdated: a Sentinel's new address was taken over for the other masters as well.
type SentinelAddressUpdated struct {
	Monitored
	Others int `json:"others"`
}

// Name is "+sentinel-address-update".
func (SentinelAddressUpdated) Name() string { return "+sentinel-address-update" }

// Payload names the Sentinel and how often else it was known.
func (e SentinelAddressUpdated) Payload() string {
	return fmt.Sprintf("%v %d additional matching instances", e.Monitored, e.Others)
}

// Describe is the event's canonical line.
func (e SentinelAddressUpdated) Describe() string { return line(e) }

// SentinelAddressInvalid: another Sentinel speaks from this one's address, so this one is forgotten.
type SentinelAddressInvalid struct{ Monitored }

// Name is "+sentinel-invalid-addr".
func (SentinelAddressInvalid) Name() string { return "+sentinel-invalid-addr" }

// Describe is the event's canonical line.
func (e SentinelAddressInvalid) Describe() string { return line(e) }

// Rebooted: an instance has a new run id, so its process is another.
type Rebooted struct{ Monitored }

// Name is "+reboot".
func (Rebooted) Name() string { return "+reboot" }

// Describe is the event's canonical line.
func (e Rebooted) Describe() string { return line(e) }

// RoleReported: an instance says that it has another role than before.
type RoleReported struct {
	Monitored
	Role     string `json:"role"`     // master, slave
	Expected bool   `json:"expected"` // it is the role that the Sentinel thinks it should have
}

// Name is "+role-change" for the role it should have and "-role-change" for the other.
func (e RoleReported) Name() string {
	if e.Expected {
		return "+role-change"
	}
	return "-role-change"
}

// Payload names the instance and the role.
func (e RoleReported) Payload() string { return e.String() + " new reported role is " + e.Role }

// Describe is the event's canonical line.
func (e RoleReported) Describe() string { return line(e) }

// ConfigNotSaved: a Sentinel could not write its file. It goes on, and a restart would forget what the
// file should have kept. Redis says so in its log only.
type ConfigNotSaved struct {
	Why string `json:"why"` // what the disk said
}

// Name is "-config-saved".
func (ConfigNotSaved) Name() string { return "-config-saved" }

// Describe is the event's canonical line.
func (e ConfigNotSaved) Describe() string { return "-config-saved " + e.Why }

// ConfigSaved: the file of a Sentinel could be written again.
type ConfigSaved struct{}

// Name is "+config-saved".
func (ConfigSaved) Name() string { return "+config-saved" }

// Describe is the event's canonical line.
func (ConfigSaved) Describe() string { return "+config-saved the file could be written again" }

// ScriptError: a script ended badly and is not tried again.
type ScriptError struct {
	Path   string `json:"path"`
	Signal int    `json:"signal"`
	Exit   int    `json:"exit"`
}

// Name is "-script-error".
func (ScriptError) Name() string { return "-script-error" }

// Payload names the script, the signal and the exit code.
func (e ScriptError) Payload() string { return fmt.Sprintf("%s %d %d", e.Path, e.Signal, e.Exit) }

// Describe is the event's canonical line.
func (e ScriptError) Describe() string { return line(e) }

// ScriptTimeout: a script ran too long and was killed.
type ScriptTimeout struct {
	Path string `json:"path"`
	PID  int    `json:"pid"`
}

// Name is "-script-timeout".
func (ScriptTimeout) Name() string { return "-script-timeout" }

// Payload names the script and its process.
func (e ScriptTimeout) Payload() string { return fmt.Sprintf("%s %d", e.Path, e.PID) }

// Describe is the event's canonical line.
func (e ScriptTimeout) Describe() string { return line(e) }
