package sentinel

import (
	"slices"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// promises are what the file keeps for a restart, and how far they are on their way to the disk.
type promises struct {
	dirty   bool      // the file must be written before anything leaves
	token   uint64    // of the latest Save
	askers  []asker   // who are told how a Save ended
	again   time.Time // the latest Save failed, and another is due then; zero: it did not
	rewrite ConfView  // the file as it is, and as it was
}

// asker is a client that is told how the Save with a token ended.
type asker struct {
	client *client
	token  uint64
	quiet  bool // CLIENT REPLY: it wants no reply
}

// saveAgain is how long after a failure the file is tried again. Redis waits for the next change.
const saveAgain = time.Second

// save asks for the file to be written, and synced, before anything leaves. Like Redis
// (sentinelFlushConfig) a Sentinel goes on when that fails.
func (s *Sentinel) save() { s.promises.dirty = true }

// saveAndAnswer does so, and answers a client when it is known how that ended
// (sentinelFlushConfigAndReply). Its next command waits for it.
func (s *Sentinel) saveAndAnswer(c *client) {
	s.save()
	c.conn.Blocked = true
	s.promises.askers = append(s.promises.askers, asker{client: c, token: s.promises.token + 1})
}

// hush takes back a reply that is still to come.
func (p *promises) hush(c *client) {
	for i := range p.askers {
		if p.askers[i].client == c {
			p.askers[i].quiet = true
		}
	}
}

// forget drops an asker that is gone.
func (p *promises) forget(c *client) {
	p.askers = slices.DeleteFunc(p.askers, func(a asker) bool { return a.client == c })
}

// keepPromises writes the file if anything in it has changed.
func (s *Sentinel) keepPromises() {
	p := &s.promises
	if !p.again.IsZero() && !s.now.Before(p.again) {
		p.dirty = true
	}
	if !p.dirty {
		return
	}
	p.dirty = false
	p.token++
	text := s.file()
	p.rewrite = ConfView{Text: text, Before: p.rewrite.Text, At: s.now}
	s.todo.Save = append(s.todo.Save, machine.Save{
		Op: machine.Replace, Name: s.cfg.Name, Data: text, Sync: true, Token: p.token,
	})
	if !p.again.IsZero() {
		p.again = s.now.Add(saveAgain)
	}
}

// Saved reports how a Save ended: to those who asked for it, and to everybody when it failed.
func (s *Sentinel) Saved(now time.Time, token uint64, err error) {
	s.enter(now)
	p := &s.promises
	asked := false
	for len(p.askers) > 0 && p.askers[0].token <= token {
		a := p.askers[0]
		p.askers = p.askers[1:]
		asked = true
		s.answerSaved(a, err)
	}
	if err != nil && (asked || p.again.IsZero()) {
		s.emit(event.ConfigNotSaved{Why: err.Error()})
	}
	switch {
	case err != nil && p.again.IsZero():
		p.again = now.Add(saveAgain)
	case err == nil && !p.again.IsZero() && token == p.token:
		p.again = time.Time{}
		s.emit(event.ConfigSaved{})
	}
}

// answerSaved answers one who asked and lets its next command in.
func (s *Sentinel) answerSaved(a asker, err error) {
	a.client.conn.Blocked = false
	s.to(a.client)
	switch {
	case err != nil && a.quiet:
		s.stats.errors++
	case err != nil:
		a.client.fail(s, "ERR Failed to save config file. Check server logs.")
	case !a.quiet:
		a.client.OK()
	}
}
