// Package resp speaks the Redis serialisation protocol: it frames and parses requests behind
// hard limits, parses replies, and writes RESP2 and RESP3.
package resp
