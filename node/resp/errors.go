package resp

import "strings"

// The texts with which Redis 7.0.15 refuses what a client asked, code first and without the
// leading '-'. Write them with Writer.Error.
const (
	ErrSyntax          = "ERR syntax error"
	ErrWrongType       = "WRONGTYPE Operation against a key holding the wrong kind of value"
	ErrNotInteger      = "ERR value is not an integer or out of range"
	ErrNotPositive     = "ERR value is out of range, must be positive"
	ErrNotFloat        = "ERR value is not a valid float"
	ErrOutOfRange      = "ERR value is out of range"
	ErrIndexOutOfRange = "ERR index out of range"
	ErrOffsetRange     = "ERR offset is out of range"
	ErrNoSuchKey       = "ERR no such key"
	ErrSameObject      = "ERR source and destination objects are the same"
	ErrBusyKey         = "BUSYKEY Target key name already exists."
	ErrOverflow        = "ERR increment or decrement would overflow"
	ErrDecrOverflow    = "ERR decrement would overflow"
	ErrNaNOrInf        = "ERR increment would produce NaN or Infinity"
	ErrScoreNaN        = "ERR resulting score is not a number (NaN)"
	ErrTooLong         = "ERR string exceeds maximum allowed size (proto-max-bulk-len)"
	ErrHashNotInteger  = "ERR hash value is not an integer"
	ErrHashNotFloat    = "ERR hash value is not a float"
	ErrMinMaxFloat     = "ERR min or max is not a float"
	ErrMinMaxString    = "ERR min or max not valid string range item"
	ErrInvalidCursor   = "ERR invalid cursor"
	ErrBit             = "ERR bit is not an integer or out of range"
	ErrBitOffset       = "ERR bit offset is not an integer or out of range"
	ErrDBIndex         = "ERR DB index is out of range"
	ErrTimeoutFloat    = "ERR timeout is not a float or out of range"
	ErrTimeoutInteger  = "ERR timeout is not an integer or out of range"
	ErrTimeoutNegative = "ERR timeout is negative"
	ErrTimeoutRange    = "ERR timeout is out of range"
	ErrNumKeys         = "ERR numkeys should be greater than 0"
	ErrBadPayload      = "ERR DUMP payload version or checksum are wrong"
	ErrBadFormat       = "ERR Bad data format"
)

// The texts about a client's state and rights.
const (
	ErrNoAuth        = "NOAUTH Authentication required."
	ErrWrongPass     = "WRONGPASS invalid username-password pair or user is disabled."
	ErrNoProto       = "NOPROTO unsupported protocol version"
	ErrNestedMulti   = "ERR MULTI calls can not be nested"
	ErrExecNoMulti   = "ERR EXEC without MULTI"
	ErrDiscardNoMult = "ERR DISCARD without MULTI"
	ErrWatchInMulti  = "ERR WATCH inside MULTI is not allowed"
	ErrInsideMulti   = "ERR Command not allowed inside a transaction"
	ErrExecAbort     = "EXECABORT Transaction discarded because of previous errors."
	ErrMaxClients    = "ERR max number of clients reached"
	ErrUnblocked     = "UNBLOCKED client unblocked via CLIENT UNBLOCK"
	ErrUnblockedRole = "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)"
)

// The texts about the state of the server, its master and its cluster.
const (
	ErrLoading            = "LOADING Redis is loading the dataset in memory"
	ErrBusyScript         = "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."
	ErrNoScript           = "NOSCRIPT No matching script. Please use EVAL."
	ErrNotBusy            = "NOTBUSY No scripts in execution right now."
	ErrOOM                = "OOM command not allowed when used memory > 'maxmemory'."
	ErrReadOnly           = "READONLY You can't write against a read only replica."
	ErrNoReplicas         = "NOREPLICAS Not enough good replicas to write."
	ErrMasterDown         = "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."
	ErrClusterDisabled    = "ERR This instance has cluster support disabled"
	ErrClusterDown        = "CLUSTERDOWN The cluster is down"
	ErrClusterDownReads   = "CLUSTERDOWN The cluster is down and only accepts read commands"
	ErrClusterDownUnbound = "CLUSTERDOWN Hash slot not served"
	ErrCrossSlot          = "CROSSSLOT Keys in request don't hash to the same slot"
	ErrTryAgain           = "TRYAGAIN Multiple keys request during rehashing of slot"
	ErrNotInt32           = "ERR value is out of range, value must between -2147483648 and 2147483647"
	ErrSelectInCluster    = "ERR SELECT is not allowed in cluster mode"
)

// The texts with which a connection that broke the protocol is closed.
const (
	ErrMultibulkLength  = "ERR Protocol error: invalid multibulk length"
	ErrBulkLength       = "ERR Protocol error: invalid bulk length"
	ErrUnauthMultibulk  = "ERR Protocol error: unauthenticated multibulk length"
	ErrUnauthBulk       = "ERR Protocol error: unauthenticated bulk length"
	ErrBigMultibulk     = "ERR Protocol error: too big mbulk count string"
	ErrBigBulk          = "ERR Protocol error: too big bulk count string"
	ErrBigInline        = "ERR Protocol error: too big inline request"
	ErrMasterInline     = "ERR Protocol error: Master using the inline protocol. Desync?"
	ErrUnbalancedQuotes = "ERR Protocol error: unbalanced quotes in request"
)

// What a client's unknown command is cut to (rejectCommandFormat in processCommand): the name
// and the sum of the quoted arguments.
const maxEchoed = 128

// WrongArgs is the reply to a command with the wrong number of arguments. name is the full
// lower-case name, "get" or "config|get".
func WrongArgs(name string) string {
	return "ERR wrong number of arguments for '" + name + "' command"
}

// InvalidExpire is the reply to an expiry that is not positive or overflows.
func InvalidExpire(name string) string {
	return "ERR invalid expire time in '" + name + "' command"
}

// UnknownSubcommand is the reply to a subcommand that command does not have; name is written in
// upper case.
func UnknownSubcommand(command, sub string) string {
	return "ERR unknown subcommand '" + cut(Quoted([]byte(sub))) + "'. Try " + strings.ToUpper(command) + " HELP."
}

// UnknownCommand is the reply to a command nobody has: the name and then as many arguments as fit.
func UnknownCommand(args [][]byte) string {
	var echo strings.Builder
	for _, arg := range args[1:] {
		room := maxEchoed - echo.Len()
		if room <= 0 {
			break
		}
		echo.WriteString("'" + Quoted(arg[:min(len(arg), room)]) + "' ")
	}
	return "ERR unknown command '" + cut(Quoted(args[0])) + "', with args beginning with: " + echo.String()
}

// ExpectedBulk is the error for an argument that does not begin with '$'. C ends the text at a
// NUL byte, so the closing quote is lost there.
func ExpectedBulk(got byte) string {
	if got == 0 {
		return "ERR Protocol error: expected '$', got '"
	}
	return "ERR Protocol error: expected '$', got '" + string([]byte{got}) + "'"
}

// Quoted is a client's word as an error shows it: C ends a text at a NUL byte.
func Quoted(word []byte) string {
	text, _, _ := strings.Cut(string(word), "\x00")
	return text
}

// cut shortens an echoed name.
func cut(name string) string { return name[:min(len(name), maxEchoed)] }
