package bus

import (
	"bytes"
	"encoding/binary"
)

// ExtensionType is the kind of an extension to a heartbeat.
type ExtensionType uint16

// The extensions peers send: Redis 7.0 knows the first, newer ones the others.
const (
	ExtHostname  ExtensionType = iota // text, NUL terminated
	ExtNodename                       // text, NUL terminated
	ExtForgotten                      // id and seconds
	ExtShardID                        // 40 characters
)

// extensionHeader is the size of an extension's own header; extensions are multiples of it.
const extensionHeader = 8

// Extension is one extension to a heartbeat. Its payload includes the padding when decoded.
type Extension struct {
	Type    ExtensionType
	Payload []byte
}

// Hostname returns the extension that announces a host name.
func Hostname(name string) Extension {
	return Extension{Type: ExtHostname, Payload: append([]byte(name), 0)}
}

// Text is the payload up to its first NUL.
func (e Extension) Text() []byte {
	text, _, _ := bytes.Cut(e.Payload, []byte{0})
	return text
}

// size is the extension's length on the wire, padding included.
func (e Extension) size() int {
	return (extensionHeader + len(e.Payload) + extensionHeader - 1) / extensionHeader * extensionHeader
}

// append appends the extension and its padding.
func (e Extension) append(dst []byte) []byte {
	start, size := len(dst), e.size()
	dst = grow(dst, size)
	b := dst[start:]
	binary.BigEndian.PutUint32(b, uint32(size))
	binary.BigEndian.PutUint16(b[4:], uint16(e.Type))
	copy(b[extensionHeader:], e.Payload)
	return dst
}

// nextExtension cuts the first extension off b. Redis reads its length modulo 2^16.
func nextExtension(b []byte) (ext Extension, rest []byte, ok bool) {
	if len(b) < extensionHeader {
		return Extension{}, nil, false
	}
	size := int(binary.BigEndian.Uint32(b) & 0xffff)
	if size < extensionHeader || size%extensionHeader != 0 || size > len(b) {
		return Extension{}, nil, false
	}
	ext = Extension{Type: ExtensionType(binary.BigEndian.Uint16(b[4:])), Payload: b[extensionHeader:size]}
	return ext, b[size:], true
}
