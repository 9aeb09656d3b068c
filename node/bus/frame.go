package bus

import (
	"encoding/binary"
	"errors"
)

// prefixLen is how much of a packet must be there to know its length.
const prefixLen = 8

// MaxFrame bounds a packet. Redis has no bound; the largest honest packets are PUBLISH ones, and
// 16 MiB of message is far beyond what anybody sends through a cluster bus on purpose.
const MaxFrame = 16 << 20

// ErrTooLong says that a packet announced more than MaxFrame bytes.
var ErrTooLong = errors.New("packet longer than 16 MiB")

// Need looks at the beginning of a stream of packets. It returns the length of the first packet,
// which may be more than buf holds yet, or 0 when that cannot be told from buf. After an error
// the link must be closed.
func Need(buf []byte) (n int, err error) {
	if len(buf) < prefixLen {
		return 0, nil
	}
	total := binary.BigEndian.Uint32(buf[offTotal:])
	if string(buf[:4]) != Signature || total < HeaderLen {
		return 0, ErrSignature
	}
	if total > MaxFrame {
		return 0, ErrTooLong
	}
	return int(total), nil
}

// Frame returns the length of the first packet of buf when all of it is there, 0 when more bytes
// are needed. After an error the link must be closed.
func Frame(buf []byte) (n int, err error) {
	n, err = Need(buf)
	if n > len(buf) {
		return 0, err
	}
	return n, err
}
