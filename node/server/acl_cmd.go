package server

import (
	"clusterplay/node/acl"
	"clusterplay/node/event"
)

// aclHandlers are the subcommands of ACL.
var aclHandlers = []struct {
	name string
	run  handler
}{
	{"cat", func(s *Server, c *client) { s.users.Cat(&c.ctx.Writer, c.ctx.Args[1], c.ctx.Args[2:]) }},
	{"deluser", func(s *Server, c *client) { s.users.DelUser(&c.ctx.Writer, c.ctx.Args[2:]) }},
	{"dryrun", func(s *Server, c *client) { s.users.DryRun(&c.ctx.Writer, c.ctx.Args[2:]) }},
	{"genpass", func(s *Server, c *client) { s.users.GenPass(&c.ctx.Writer, c.ctx.Args[1], c.ctx.Args[2:], s.randomHex) }},
	{"getuser", func(s *Server, c *client) { s.users.GetUser(&c.ctx.Writer, c.ctx.Args[2]) }},
	{"list", func(s *Server, c *client) { s.users.List(&c.ctx.Writer) }},
	{"load", (*Server).aclLoad},
	{"log", func(s *Server, c *client) { s.users.Log(&c.ctx.Writer, c.ctx.Args[1], c.ctx.Args[2:], s.nowMs) }},
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
	if refusal := s.loadUsers(path); refusal != "" {
		c.ctx.Error("ERR " + refusal)
		return
	}
	c.ctx.OK()
}

const errACLNotSaved = "ERR There was an error trying to save the ACLs. Please check the server logs for more information"

// aclSave: ACL SAVE. The answer waits for the disk.
func (s *Server) aclSave(c *client) {
	path := s.settings.text("aclfile")
	if path == "" {
		c.ctx.Error(acl.ErrNoFile)
		return
	}
	op := saveConfig(path, s.users.Text())
	if c.ctx.NoBlock {
		s.aclFile = op.Data
		s.save(op)
		c.ctx.OK()
		return
	}
	s.saves.token++
	op.Token = s.saves.token
	s.save(op)
	p := &parked{client: c, reason: waitsForSave}
	s.park(p)
	s.fileSaves[op.Token] = func(err error) { s.aclSaved(p, op.Data, err) }
}

// aclSaved answers ACL SAVE.
func (s *Server) aclSaved(p *parked, text []byte, err error) {
	if err == nil {
		s.aclFile = text
	} else {
		s.log(event.Warning, "Writing ACL file for ACL SAVE: %v", err)
	}
	switch c := p.client; {
	case c.parked != p:
	case err != nil:
		s.unpark(c)
		s.fail(c, errACLNotSaved)
	default:
		s.unpark(c)
		s.to(c).OK()
	}
}
