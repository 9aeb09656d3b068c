package bus

// Field is a part of a packet: its name, where it begins, and how many bytes it has.
type Field struct {
	Name string
	At   int
	Len  int
}

// HeaderFields are the parts of the header in the order in which they lie. Bytes that nobody uses
// have the name "unused".
func HeaderFields() []Field {
	begins := []struct {
		name string
		at   int
	}{
		{"signature", 0}, {"total-length", offTotal}, {"version", offVersion}, {"port", offPort}, {"type", offType},
		{"gossip-count", offCount}, {"current-epoch", offCurrentEpoch}, {"config-epoch", offConfigEpoch},
		{"replication-offset", offOffset}, {"sender", offSender}, {"slots", offSlots}, {"master", offPrimary},
		{"ip", offIP}, {"extension-count", offExtensions}, {"unused", offExtensions + 2}, {"plain-port", offPlainPort},
		{"bus-port", offBusPort}, {"flags", offFlags}, {"state", offState}, {"marks", offMarks},
	}
	fields := make([]Field, len(begins))
	for i, b := range begins {
		end := HeaderLen
		if i+1 < len(begins) {
			end = begins[i+1].at
		}
		fields[i] = Field{b.name, b.at, end - b.at}
	}
	return fields
}
