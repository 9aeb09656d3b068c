package server

import "strings"

// protocolSamples are the replies of DEBUG PROTOCOL, by type.
var protocolSamples = map[string]func(c *client){
	"string":   func(c *client) { c.ctx.BulkString("Hello World") },
	"integer":  func(c *client) { c.ctx.Int(12345) },
	"double":   func(c *client) { c.ctx.Double(3.141) },
	"bignum":   func(c *client) { c.ctx.BigNumber("1234567999999999999999999999999999999") },
	"null":     func(c *client) { c.ctx.Null() },
	"array":    func(c *client) { c.ctx.Array(3); threeNumbers(c) },
	"set":      func(c *client) { c.ctx.Set(3); threeNumbers(c) },
	"map":      sampleMap,
	"attrib":   sampleAttribute,
	"push":     samplePush,
	"true":     func(c *client) { c.ctx.Bool(true) },
	"false":    func(c *client) { c.ctx.Bool(false) },
	"verbatim": func(c *client) { c.ctx.Verbatim("txt", "This is a verbatim\nstring") },
}

const errProtocolType = "ERR Wrong protocol type name. Please use one of the following: " +
	"string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false"

// debugProtocol: DEBUG PROTOCOL type
func (s *Server) debugProtocol(c *client) {
	sample, known := protocolSamples[strings.ToLower(string(c.ctx.Args[2]))]
	if !known {
		c.ctx.Error(errProtocolType)
		return
	}
	sample(c)
}

func threeNumbers(c *client) {
	for i := range 3 {
		c.ctx.Int(int64(i))
	}
}

func sampleMap(c *client) {
	c.ctx.Map(3)
	for i := range 3 {
		c.ctx.Int(int64(i))
		c.ctx.Bool(i == 1)
	}
}

// sampleAttribute is an attribute, where there are any, and the reply that it belongs to.
func sampleAttribute(c *client) {
	if c.ctx.Proto >= 3 {
		c.ctx.Attribute(1)
		c.ctx.BulkString("key-popularity")
		c.ctx.Array(2)
		c.ctx.BulkString("key:123")
		c.ctx.Int(90)
	}
	c.ctx.BulkString("Some real reply following the attribute")
}

// samplePush is a push and, because that is no reply, a reply.
func samplePush(c *client) {
	if c.ctx.Proto < 3 {
		c.ctx.Error("ERR RESP2 is not supported by this command")
		return
	}
	c.ctx.Push(2)
	c.ctx.BulkString("server-cpu-usage")
	c.ctx.Int(42)
	c.ctx.BulkString("Some real reply following the push reply")
}
