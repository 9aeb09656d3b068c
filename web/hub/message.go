package hub

import (
	"sync"

	"github.com/gorilla/websocket"
)

// message is a message and what it is for everyone.
type message struct{ *parcel }

// parcel is one message. For many viewers it is brought into the form that goes over the wire once, which costs some
// buffers and a packer; a single one's socket has these.
type parcel struct {
	kind int
	size int
	data []byte // gone once prepared
	solo bool   // made while one browser watches

	once     sync.Once
	prepared *websocket.PreparedMessage
	err      error
}

const (
	// shortest is from how many bytes on a message is compressed, for the network of a class.
	shortest = 128
	// shortestSolo is the same for a single viewer: a calm lab's changes are no load for any network, and a packer that is
	// used now and then is a megabyte for the collector each time.
	shortestSolo = 64 << 10
)

func newMessage(kind int, data []byte, solo bool) message {
	return message{&parcel{kind: kind, size: len(data), data: data, solo: solo}}
}

// write sends the message over a socket.
func (m message) write(socket *websocket.Conn) error {
	if m.solo {
		socket.EnableWriteCompression(m.size >= shortestSolo)
		return socket.WriteMessage(m.kind, m.data)
	}
	m.once.Do(func() {
		m.prepared, m.err = websocket.NewPreparedMessage(m.kind, m.data)
		m.data = nil
	})
	if m.err != nil {
		return m.err
	}
	socket.EnableWriteCompression(m.size >= shortest)
	return socket.WritePreparedMessage(m.prepared)
}
