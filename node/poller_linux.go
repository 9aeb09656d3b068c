package node

import (
	"net"
	"os"
	"syscall"
	"time"
	"unsafe"
)

// poller asks the kernel which of a loop's descriptors have news, in the order in which it came. Asking does
// not wait. Waiting is done in Go's own poller, so that an idle loop costs no thread; between the two stands
// a second epoll instance that fires once and must be armed again: while the loop is busy, what
// arrives wakes nobody else.
type poller struct {
	epoll  int // of the descriptors
	alarm  int // of epoll
	file   *os.File
	raw    syscall.RawConn
	events [pollEvents]syscall.EpollEvent
	found  int                // how many events the last look found
	armed  bool               // the alarm may have rung
	try    func(uintptr) bool // listen, kept because it costs garbage
}

const (
	// pollEvents is how many events one look finds at most.
	pollEvents = 128

	edgeTriggered = 1 << 31 // syscall.EPOLLET is a negative number
	interest      = syscall.EPOLLIN | syscall.EPOLLRDHUP | edgeTriggered
	once          = syscall.EPOLLIN | syscall.EPOLLONESHOT
	endings       = syscall.EPOLLRDHUP | syscall.EPOLLHUP | syscall.EPOLLERR
	openings      = syscall.EPOLLOUT | syscall.EPOLLHUP | syscall.EPOLLERR
)

// news is what happened to a descriptor.
type news struct {
	ended bool // nothing follows what can be read
	room  bool // it takes bytes
}

func newPoller() (p *poller, err error) {
	p = &poller{epoll: -1, alarm: -1}
	p.try = p.listen
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if p.epoll, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
		return nil, err
	}
	if p.alarm, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
		return nil, err
	}
	if err = syscall.EpollCtl(p.alarm, syscall.EPOLL_CTL_ADD, p.epoll, &syscall.EpollEvent{}); err != nil {
		return nil, err
	}
	if err = syscall.SetNonblock(p.alarm, true); err != nil {
		return nil, err
	}
	p.file = os.NewFile(uintptr(p.alarm), "epoll")
	p.raw, err = p.file.SyscallConn()
	return p, err
}

func (p *poller) close() {
	if p.epoll >= 0 {
		_ = syscall.Close(p.epoll)
	}
	if p.file != nil {
		_ = p.file.Close()
	} else if p.alarm >= 0 {
		_ = syscall.Close(p.alarm)
	}
}

// add watches a descriptor, whose news will bear the number n.
func (p *poller) add(d *descriptor, n int32) error {
	d.poll, d.n = p, n
	return syscall.EpollCtl(p.epoll, syscall.EPOLL_CTL_ADD, d.fd, &syscall.EpollEvent{Events: interest, Fd: n})
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

// look finds the events that are there.
func (p *poller) look() int {
	p.found = ask(p.epoll, p.events[:])
	return p.found
}

// ask is epoll_wait without waiting. Go's scheduler is not told, as in callNow.
func ask(epoll int, events []syscall.EpollEvent) int {
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(epoll),
			uintptr(unsafe.Pointer(unsafe.SliceData(events))), uintptr(len(events)), 0, 0, 0)
		switch errno {
		case syscall.EINTR:
			continue
		case 0:
			return int(n)
		}
		return 0
	}
}

// wait returns when there are events, or after a nudge.
func (p *poller) wait() {
	if p.look() == 0 && p.raw.Read(p.try) != nil {
		_ = p.file.SetReadDeadline(time.Time{})
	}
}

// listen arms the alarm until there are events. Go's poller calls it, before it waits and whenever the alarm
// has rung. An alarm that was armed is asked itself whether it rang, which disarms it: what rang before
// Go's poller began to listen is not missed, and one that is not armed wakes nobody.
func (p *poller) listen(alarm uintptr) bool {
	if p.armed {
		var rung [1]syscall.EpollEvent
		if ask(int(alarm), rung[:]) == 0 {
			return false
		}
		p.armed = false
		if p.look() > 0 {
			return true
		}
	}
	p.armed = true
	_ = syscall.EpollCtl(int(alarm), syscall.EPOLL_CTL_MOD, p.epoll, &syscall.EpollEvent{Events: once})
	return false
}

// nudge ends a wait, or the next one.
func (p *poller) nudge() { _ = p.file.SetReadDeadline(time.Unix(1, 0)) }
