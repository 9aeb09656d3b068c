// Package bus encodes and decodes the packets of the Redis Cluster bus, protocol version 1 as
// Redis 7.0 speaks it. It holds no state: a packet is a view of the bytes of one frame.
package bus
