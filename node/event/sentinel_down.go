package event

import "fmt"

// SDown: a Sentinel itself holds an instance for down.
type SDown struct{ Monitored }

// Name is "+sdown".
func (SDown) Name() string { return "+sdown" }

// Describe is the event's canonical line.
func (e SDown) Describe() string { return line(e) }

// SDownCleared: an instance that was held for down is well again.
type SDownCleared struct{ Monitored }

// Name is "-sdown".
func (SDownCleared) Name() string { return "-sdown" }

// Describe is the event's canonical line.
func (e SDownCleared) Describe() string { return line(e) }

// ODown: as many Sentinels as the quorum hold a master for down.
type ODown struct {
	Monitored
	Agree  int `json:"agree"` // this Sentinel and those that said so
	Quorum int `json:"quorum"`
}

// Name is "+odown".
func (ODown) Name() string { return "+odown" }

// Payload names the master and who agrees.
func (e ODown) Payload() string {
	return fmt.Sprintf("%v #quorum %d/%d", e.Monitored, e.Agree, e.Quorum)
}

// Describe is the event's canonical line.
func (e ODown) Describe() string { return line(e) }

// ODownCleared: fewer Sentinels than the quorum hold a master for down now.
type ODownCleared struct{ Monitored }

// Name is "-odown".
func (ODownCleared) Name() string { return "-odown" }

// Describe is the event's canonical line.
func (e ODownCleared) Describe() string { return line(e) }

// Tilt: the Sentinel's clock jumped or the Sentinel slept, so it trusts no timer for a while.
type Tilt struct{}

// Name is "+tilt".
func (Tilt) Name() string { return "+tilt" }

// Payload is what Redis says of it.
func (Tilt) Payload() string { return "#tilt mode entered" }

// Describe is the event's canonical line.
func (e Tilt) Describe() string { return line(e) }

// TiltEnded: the Sentinel trusts its timers again.
type TiltEnded struct{}

// Name is "-tilt".
func (TiltEnded) Name() string { return "-tilt" }

// Payload is what Redis says of it.
func (TiltEnded) Payload() string { return "#tilt mode exited" }

// Describe is the event's canonical line.
func (e TiltEnded) Describe() string { return line(e) }
