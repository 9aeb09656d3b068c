package server

import (
	"strings"
)

// The errors of MODULE. Modules are C and cannot be loaded; what Redis says of one that it cannot
// load is true here of all.
const (
	errModuleOff = `ERR MODULE command not allowed. If the enable-module-command option is set to "local", ` +
		`you can run it from a local connection, otherwise you need to set this option in the configuration file, ` +
		`and then restart the server.`
	errModuleLoad   = "ERR Error loading the extension. Please check the server logs."
	errModuleUnload = "ERR Error unloading module: no such module with that name"
)

// moduleList: MODULE LIST
func (s *Server) moduleList(c *client) { c.ctx.Array(0) }

// moduleLoad: MODULE LOAD path [arg ...] and MODULE LOADEX path [CONFIG name value ...] [ARGS arg ...]
func (s *Server) moduleLoad(c *client) {
	if s.modulesAllowed(c) {
		c.ctx.Error(errModuleLoad)
	}
}

// moduleUnload: MODULE UNLOAD name
func (s *Server) moduleUnload(c *client) {
	if s.modulesAllowed(c) {
		c.ctx.Error(errModuleUnload)
	}
}

// modulesAllowed answers a client that may not load modules.
func (s *Server) modulesAllowed(c *client) bool {
	if s.allowed("enable-module-command", c) {
		return true
	}
	c.ctx.Error(errModuleOff)
	return false
}

// lolwut: LOLWUT [VERSION version]
func (s *Server) lolwut(c *client) {
	args := c.ctx.Args
	if len(args) >= 3 && strings.EqualFold(string(args[1]), "version") {
		if _, ok := c.ctx.Integer(args[2]); !ok {
			return
		}
	}
	c.ctx.Verbatim("txt", "Redis ver. "+version+"\n")
}
