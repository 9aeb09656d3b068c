package keyspace

import "clusterplay/node/stream"

// StreamValue is a stream. Unlike other values it stays when its last entry goes.
type StreamValue struct{ *stream.Stream }

// NewStream returns an empty stream.
func NewStream() *StreamValue { return &StreamValue{new(stream.Stream)} }

// Kind says that this is a stream.
func (*StreamValue) Kind() Kind { return Stream }

// Encoding is stream.
func (*StreamValue) Encoding() string { return "stream" }

// Footprint estimates the bytes the stream occupies.
func (v *StreamValue) Footprint() int { return valueBytes + v.Stream.Footprint() }

// Keep returns the stream as it is now, to be read and not to be changed.
func (v *StreamValue) Keep() *StreamValue { return &StreamValue{v.Stream.Keep()} }

// Copy returns a deep copy.
func (v *StreamValue) Copy() Value { return &StreamValue{v.Clone()} }
