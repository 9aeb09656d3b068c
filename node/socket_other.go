//go:build !unix

package node

import "errors"

// canTry says that sockets can be tried without waiting: here they cannot.
const canTry = false

func writeNow(uintptr, []byte) (int, error) { return 0, errors.ErrUnsupported }

func readNow(uintptr, []byte) (int, bool, error) { return 0, true, errors.ErrUnsupported }
