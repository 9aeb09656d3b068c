package cluster

import "fmt"

// Error is the text of an error reply, code included.
type Error string

// Error is the reply's text.
func (e Error) Error() string { return string(e) }

// The errors of the CLUSTER commands, in Redis' words.
const (
	ErrSlot              Error = "ERR Invalid or out of range slot"
	ErrSetSlotOnReplica  Error = "ERR Please use SETSLOT only with masters."
	ErrAddSlotsOnReplica Error = "ERR Please assign slots only to masters."
	ErrTargetNotMaster   Error = "ERR Target node is not a master"
	ErrFlushSlots        Error = "ERR DB must be empty to perform CLUSTER FLUSHSLOTS."
	ErrEpochAmongOthers  Error = "ERR The user can assign a config epoch only when the node does not know any other node."
	ErrEpochAlreadySet   Error = "ERR Node config epoch is already non-zero"
	ErrForgetMyself      Error = "ERR I tried hard but I can't forget myself..."
	ErrForgetMaster      Error = "ERR Can't forget my master!"
	ErrReplicateMyself   Error = "ERR Can't replicate myself"
	ErrReplicateReplica  Error = "ERR I can only replicate a master, not a replica."
	ErrReplicateNotEmpty Error = "ERR To set a master the node must be empty and without assigned slots."
	ErrNotMaster         Error = "ERR The specified node is not a master"
	ErrFailoverOnMaster  Error = "ERR You should send CLUSTER FAILOVER to a replica"
	ErrMasterUnknown     Error = "ERR I'm a replica but my master is unknown to me"
	ErrMasterDown        Error = "ERR Master is down or failed, please use CLUSTER FAILOVER FORCE"
	ErrResetWithKeys     Error = "ERR CLUSTER RESET can't be called with master nodes containing keys"
)

func errUnknownNode(id string) error { return Error("ERR Unknown node " + id) }

func errDontKnow(id string) error { return Error("ERR I don't know about node " + id) }

func errBadAddress(ip string, port int) error {
	return Error(fmt.Sprintf("ERR Invalid node address specified: %s:%d", ip, port))
}

func errSlot(format string, args ...any) error { return Error("ERR " + fmt.Sprintf(format, args...)) }
