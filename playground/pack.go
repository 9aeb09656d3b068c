package playground

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
)

const (
	// packLevel is where the dictionary begins to count; a higher one costs more and saves little.
	packLevel = 3
	// packWindow is as far back as flate can refer. Of a text that is short so many times its length are looked through,
	// and leastWindow at least.
	packWindow, leastWindow, packReach = 32 << 10, 2 << 10, 8
	// maxPacked bounds what a record unpacks to: a thousand nodes have a few megabytes.
	maxPacked = 256 << 20
)

// packer makes text short that is much like a text before: a change of a picture repeats the names
// of its nodes and what they believe. It takes 800 KB, so a recorder has one for all that it packs.
type packer struct {
	writer *flate.Writer
	out    bytes.Buffer
}

func newPacker() *packer {
	p := &packer{}
	p.writer, _ = flate.NewWriter(&p.out, packLevel) // only a wrong level is an error
	return p
}

// pack is the short form of a text that is like one which the reader will have; nil when it is like none. A flate
// writer has one dictionary for life. So the other text is packed first: where its short form ends, that of a text
// with this dictionary begins. Places are counted from its end: the reader may have more of it than was packed.
func (p *packer) pack(text, like []byte) []byte {
	p.out.Reset()
	p.writer.Reset(&p.out)
	before := 0
	if len(like) > 0 {
		_, _ = p.writer.Write(lastBytes(like, max(leastWindow, packReach*len(text)))) // a buffer takes everything
		_ = p.writer.Flush()
		before = p.out.Len()
	}
	_, _ = p.writer.Write(text)
	_ = p.writer.Close()
	return bytes.Clone(p.out.Bytes()[before:])
}

// unpack is the text that pack made short.
func unpack(packed, like []byte) ([]byte, error) {
	r := flate.NewReaderDict(bytes.NewReader(packed), lastBytes(like, packWindow))
	text, err := io.ReadAll(io.LimitReader(r, maxPacked))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return text, r.Close()
}

func lastBytes(b []byte, n int) []byte { return b[max(0, len(b)-min(n, packWindow)):] }
