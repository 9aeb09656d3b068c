//go:build !linux

package node

import (
	"errors"
	"net"
	"time"
)

// poller is not there: each client has a goroutine of its own.
type poller struct{ found int }

// descriptor is not there either.
type descriptor struct {
	net.Conn
	fd int
}

type news struct{ ended, room bool }

func newPoller() (*poller, error)                       { return nil, errors.ErrUnsupported }
func (*poller) close()                                  {}
func (*poller) add(*descriptor, int32) error            { return errors.ErrUnsupported }
func (*poller) watch(int, int32) error                  { return errors.ErrUnsupported }
func (*poller) release(d *descriptor) (net.Conn, error) { return d.Conn, nil }
func (*poller) event(int) (int32, news)                 { return 0, news{} }
func (*poller) look() int                               { return 0 }
func (*poller) wait()                                   {}
func (*poller) linger(time.Duration) bool               { return false }
func (*poller) nudge()                                  {}
func detach(*socket) (*descriptor, error)               { return nil, errors.ErrUnsupported }
func (*descriptor) awaitRoom(bool)                      {}
func (*descriptor) close()                              {}
