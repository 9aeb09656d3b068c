package web

import (
	"github.com/labstack/echo/v4"

	"clusterplay/web/api"
	"clusterplay/web/tty"
)

// OpenTerminal connects a browser's terminal to a node.
func (s rest) OpenTerminal(c echo.Context, name string, q api.OpenTerminalParams) error {
	lab, err := s.lab(name)
	if err != nil {
		return err
	}
	addr, err := lab.Addr(q.Node)
	if err != nil {
		return err
	}
	s.terminals.Open(c.Response(), c.Request(), tty.Guest{Session: who(c).session, Addr: addr})
	return nil
}
