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
	// packWindow is as far back as flate can refer.
	packWindow = 32 << 10
	// maxPacked bounds what a record unpacks to: a thousand nodes have a few megabytes.
	maxPacked = 256 << 20
)

// packer makes text short that is much like a text before: a change of a picture repeats the names
// of its nodes and what they believe.
type packer struct {
	like   []byte
	writer *flate.Writer
	out    bytes.Buffer
}

// newPacker packs texts that are like one that the reader will have.
func newPacker(like []byte) *packer {
	p := &packer{like: lastBytes(like)}
	p.writer, _ = flate.NewWriterDict(&p.out, packLevel, p.like) // only a wrong level is an error
	return p
}

// pack is a text in its short form.
func (p *packer) pack(text []byte) []byte {
	p.out.Reset()
	p.writer.Reset(&p.out)
	_, _ = p.writer.Write(text) // a buffer takes everything
	_ = p.writer.Close()
	return bytes.Clone(p.out.Bytes())
}

// unpack is the text that newPacker(like) has packed.
func unpack(packed, like []byte) ([]byte, error) {
	r := flate.NewReaderDict(bytes.NewReader(packed), lastBytes(like))
	text, err := io.ReadAll(io.LimitReader(r, maxPacked))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return text, r.Close()
}

func lastBytes(b []byte) []byte { return b[max(0, len(b)-packWindow):] }
