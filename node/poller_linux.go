package node

import (
	"net"
	"os"
	"syscall"
	"time"
	"unsafe"
)

// poller asks the kernel which of a loop's descriptors have news, in the order in which it came. Asking does
// not wait. Waiting is done in Go's own poller, which watches the epoll instance like a socket, so that an idle
// loop costs no thread; or in the kernel, and then Go's poller does not hear of every byte.
type poller struct {
	epoll  int
	bell   int      // an eventfd in the epoll instance: who writes to it ends a wait
	file   *os.File // another descriptor of the epoll instance, for Go's poller; nil while that does not watch it
	raw    syscall.RawConn
	events [pollEvents]syscall.EpollEvent
	found  int                // how many events the last look found
	nudged bool               // and whether somebody had rung the bell
	try    func(uintptr) bool // kept because it costs garbage
}

// bellNumber is what the bell's news bear.
const bellNumber = -1

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
	bell, _, errno := syscall.Syscall(syscall.SYS_EVENTFD2, 0, syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	if errno != 0 {
		_ = syscall.Close(epoll)
		return nil, errno
	}
	p := &poller{epoll: epoll, bell: int(bell)}
	p.try = func(uintptr) bool { return p.look() > 0 || p.nudged }
	if err = p.watch(p.bell, bellNumber); err == nil {
		err = syscall.SetNonblock(epoll, true)
	}
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *poller) close() {
	p.leaveGo()
	_ = syscall.Close(p.bell)
	_ = syscall.Close(p.epoll)
}

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
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(p.epoll),
			uintptr(unsafe.Pointer(&p.events[0])), pollEvents, 0, 0, 0)
		if errno != syscall.EINTR {
			return p.sift(int(n), errno)
		}
	}
}

// sift takes the bell out of n events that were found.
func (p *poller) sift(n int, errno syscall.Errno) int {
	if errno != 0 {
		n = 0
	}
	p.found, p.nudged = n, false
	for i := range n {
		if p.events[i].Fd == bellNumber {
			p.nudged = true
			p.found = i + copy(p.events[i:n], p.events[i+1:n])
			break
		}
	}
	return p.found
}

// wait returns when there are events, or after a nudge.
func (p *poller) wait() {
	if p.joinGo() != nil || p.raw.Read(p.try) != nil {
		p.linger(standFor)
	}
}

// linger is wait on a thread of the caller's own, at most for some milliseconds. It reports whether there are events.
func (p *poller) linger(most time.Duration) bool {
	p.leaveGo()
	n, _, errno := syscall.Syscall6(syscall.SYS_EPOLL_PWAIT, uintptr(p.epoll),
		uintptr(unsafe.Pointer(&p.events[0])), pollEvents, uintptr(most.Milliseconds()), 0, 0)
	return p.sift(int(n), errno) > 0 || p.nudged || errno != 0 // a signal: what came is found by the next look
}

// joinGo has Go's poller watch the epoll instance.
func (p *poller) joinGo() error {
	if p.file != nil {
		return nil
	}
	fd, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(p.epoll), syscall.F_DUPFD_CLOEXEC, lowestDescriptor)
	if errno != 0 {
		return errno
	}
	p.file = os.NewFile(fd, "epoll")
	raw, err := p.file.SyscallConn()
	p.raw = raw
	return err
}

// leaveGo is its end.
func (p *poller) leaveGo() {
	if p.file != nil {
		_ = p.file.Close()
		p.file, p.raw = nil, nil
	}
}

// nudge ends a wait, or the next one.
func (p *poller) nudge() {
	one := [8]byte{1}
	_, _ = syscall.Write(p.bell, one[:])
}
