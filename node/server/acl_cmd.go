package server

import "clusterplay/node/acl"

// aclHandlers are the subcommands of ACL.
var aclHandlers = []struct {
	name string
	run  handler
}{
	{"cat", func(s *Server, c *client) { s.users.Cat(&c.ctx.Writer, c.ctx.Args[2:]) }},
	{"deluser", func(s *Server, c *client) { s.users.DelUser(&c.ctx.Writer, c.ctx.Args[2:]) }},
	{"dryrun", func(s *Server, c *client) { s.users.DryRun(&c.ctx.Writer, c.ctx.Args[2:]) }},
	{"genpass", func(s *Server, c *client) { s.users.GenPass(&c.ctx.Writer, c.ctx.Args[2:], s.randomHex) }},
	{"getuser", func(s *Server, c *client) { s.users.GetUser(&c.ctx.Writer, c.ctx.Args[2]) }},
	{"list", func(s *Server, c *client) { s.users.List(&c.ctx.Writer) }},
	{"load", (*Server).aclLoad},
	{"log", func(s *Server, c *client) { s.users.Log(&c.ctx.Writer, c.ctx.Args[2:], s.nowMs) }},
	{"save", (*Server).aclSave},
	{"setuser", func(s *Server, c *client) { s.users.SetUser(&c.ctx.Writer, c.ctx.Args[2:]) }},
	{"users", func(s *Server, c *client) { s.users.Names(&c.ctx.Writer) }},
	{"whoami", func(_ *Server, c *client) { acl.WhoAmI(&c.ctx.Writer, c.user) }},
}

// aclLoad: ACL LOAD
func (s *Server) aclLoad(c *client) {
	path := s.settings.text("aclfile")
	if path == "" {
		c.ctx.Error(acl.ErrNoFile)
		return
	}
	if refusal := s.users.Load(path, s.aclFile); refusal != "" {
		c.ctx.Error("ERR " + refusal)
		return
	}
	c.ctx.OK()
}

// aclSave: ACL SAVE
func (s *Server) aclSave(c *client) {
	path := s.settings.text("aclfile")
	if path == "" {
		c.ctx.Error(acl.ErrNoFile)
		return
	}
	s.aclFile = s.users.Text()
	s.save(saveConfig(path, s.aclFile))
	c.ctx.OK()
}
