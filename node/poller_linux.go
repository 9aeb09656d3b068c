package node

import (
	"net"
	"os"
	"syscall"
	"time"
	"unsafe"
)

// poller asks the kernel which of a loop's descriptors have news, in the order in which it came. Asking does
// not wait. Waiting is done in Go's own poller, which watches the epoll instance like a socket: an idle loop
// costs no thread.
type poller struct {
	epoll  int
	file   *os.File // the epoll instance, for Go's poller
	raw    syscall.RawConn
	events [pollEvents]syscall.EpollEvent
	found  int                // how many events the last look found
	try    func(uintptr) bool // kept because it costs garbage
}

const (
	// pollEvents is how many events one look finds at most.
	pollEvents = 128

	edgeTriggered = 1 << 31 // syscall.EPOLLET is a negative number
	interest      = syscall.EPOLLIN | syscall.EPOLLRDHUP | edgeTriggered
	endings       = syscall.EPOLLRDHUP | syscall.EPOLLHUP | syscall.EPOLLERR
	openings      = syscall.EPOLLOUT | syscall.EPOLLHUP | syscall.EPOLLERR
)

// news is what happened to a descriptor.
type news struct {
	ended bool // nothing follows what can be read
	room  bool // it takes bytes
}

func newPoller() (*poller, error) {
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	p := &poller{epoll: epoll}
	p.try = func(uintptr) bool { return p.look() > 0 }
	if err = syscall.SetNonblock(epoll, true); err != nil {
		_ = syscall.Close(epoll)
		return nil, err
	}
	p.file = os.NewFile(uintptr(epoll), "epoll")
	p.raw, err = p.file.SyscallConn()
	return p, err
}

func (p *poller) close() { _ = p.file.Close() }

// add watches a descriptor, whose news will bear the number n.
func (p *poller) add(d *descriptor, n int32) error {
	d.poll, d.n = p, n
	return syscall.EpollCtl(p.epoll, syscall.EPOLL_CTL_ADD, d.fd, &syscall.EpollEvent{Events: interest, Fd: n})
}

// watch watches a descriptor that Go's poller knows as well.
func (p *poller) watch(fd int, n int32) error {
	return syscall.EpollCtl(p.epoll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: interest, Fd: n})
}

// change says whether room is news as well; if there is some, that is news at once.
func (p *poller) change(d *descriptor, room bool) {
	e := syscall.EpollEvent{Events: interest, Fd: d.n}
	if room {
		e.Events |= syscall.EPOLLOUT
	}
	_ = syscall.EpollCtl(p.epoll, syscall.EPOLL_CTL_MOD, d.fd, &e)
}

// release makes an ordinary connection of a descriptor that was watched.
func (p *poller) release(d *descriptor) (net.Conn, error) {
	_ = syscall.EpollCtl(p.epoll, syscall.EPOLL_CTL_DEL, d.fd, &syscall.EpollEvent{})
	return d.attach()
}

// event is the i-th of the events found: whose it is, and what.
func (p *poller) event(i int) (n int32, what news) {
	e := &p.events[i]
	return e.Fd, news{ended: e.Events&endings != 0, room: e.Events&openings != 0}
}

// look finds the events that are there. Go's scheduler is not told of the call, as in callNow.
func (p *poller) look() int {
	p.found = 0
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(p.epoll),
			uintptr(unsafe.Pointer(&p.events[0])), pollEvents, 0, 0, 0)
		switch errno {
		case syscall.EINTR:
			continue
		case 0:
			p.found = int(n)
		}
		return p.found
	}
}

// wait returns when there are events, or after a nudge.
func (p *poller) wait() {
	if p.raw.Read(p.try) != nil {
		_ = p.file.SetReadDeadline(time.Time{})
	}
}

// nudge ends a wait, or the next one.
func (p *poller) nudge() { _ = p.file.SetReadDeadline(time.Unix(1, 0)) }
