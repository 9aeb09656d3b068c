package web

import (
	"github.com/labstack/echo/v4"

	"clusterplay/web/api"
	"clusterplay/web/tty"
)

// OpenTerminal connects a browser's terminal to a node.
func (s rest) OpenTerminal(c echo.Context, name string, q api.OpenTerminalParams) error {
	b, err := s.booth(name)
	if err != nil {
		return err
	}
	addr, err := b.lab.Addr(q.Node)
	if err != nil {
		return err
	}
	b.terminals.Open(c.Response(), c.Request(), tty.Guest{Session: who(c).session, Addr: addr})
	return nil
}
