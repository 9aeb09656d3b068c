package main_test

import (
	"testing"
	"time"
)

func TestLook(t *testing.T) {
	b := openBrowser(t)
	p := start(t, "--node-timeout", "1500ms")
	t.Log(p.ready)
	pg := b.open(p.ready.Link)
	time.Sleep(3 * time.Second) //
	pg.shoot("/tmp/w/1.png")
	t.Log(pg.complaints, pg.text("status-bar"))
	t.Log(p.ctl("kill", p.node(1)))
	time.Sleep(6 * time.Second) //
	pg.shoot("/tmp/w/2.png")
	t.Log(pg.complaints)
}
