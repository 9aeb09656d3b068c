package web

import (
	"maps"
	"net/http"
	"net/netip"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"clusterplay/assets"
	"clusterplay/playground/words"
	"clusterplay/web/api"
	"clusterplay/web/view"
)

// noRoom is what is said where no class was invited.
func noRoom() error {
	return refuse(http.StatusNotFound, "", "this console is not open to a class", "start it with: playground run --lan")
}

// joinPage asks for the code and a name. It holds nothing of the lab.
func (s *Server) joinPage(c echo.Context) error {
	if s.room == nil {
		return noRoom()
	}
	return s.shells.serve(c, "join", func(*words.Words) (templ.Component, error) {
		shell := view.Shell{Script: assets.URL(assets.Script), Style: assets.URL(assets.Style), Built: assets.Built()}
		return view.Join(shell), nil
	})
}

// JoinRoom lets a browser watch that knows the room's code.
func (s rest) JoinRoom(c echo.Context) error {
	if s.room == nil {
		return noRoom()
	}
	var args api.JoinRequest
	if err := readArgs(c, &args); err != nil {
		return err
	}
	name := cleanName(args.Name)
	if name == "" {
		return refuse(http.StatusBadRequest, "name", "the name is missing", "what shall the teacher call you?")
	}
	from, err := netip.ParseAddrPort(c.Request().RemoteAddr)
	if err != nil {
		from = netip.AddrPort{}
	}
	p, fault := s.room.join(args.Code, name, from.Addr())
	switch fault {
	case tooManyTries:
		return refuse(http.StatusTooManyRequests, "code", "too many tries from this address", "wait a minute")
	case wrongCode:
		return refuse(http.StatusUnauthorized, "code", "that is not the code of this class", "the teacher's screen shows it")
	case roomClosed:
		return refuse(http.StatusForbidden, "code", "the class is closed", "ask the teacher")
	case roomFull:
		return refuse(http.StatusConflict, "code", "the class is full", "ask the teacher")
	}
	c.SetCookie(sessionCookie(c.Request(), p.session))
	return c.JSON(http.StatusOK, api.Session{Ok: true, Version: s.cfg.Version, Role: viewer.String(), Lan: true})
}

// ShowRoom shows the teacher the code and who is there.
func (s rest) ShowRoom(c echo.Context) error {
	if s.room == nil {
		return noRoom()
	}
	open, code, people := s.room.look()
	watching := s.watching()
	answer := api.Room{Open: open, Links: s.cfg.JoinLinks, Most: maxPeople, People: []api.Person{}}
	if open {
		answer.Code = spelled(code)
	}
	for _, p := range people {
		answer.People = append(answer.People, api.Person{
			Id: p.id, Name: p.name, From: p.from, Since: p.since.UnixMilli(), Watching: watching[p.session],
		})
	}
	return c.JSON(http.StatusOK, answer)
}

// OpenRoom opens the class with a new code, or closes it and sends everybody out.
func (s rest) OpenRoom(c echo.Context) error {
	if s.room == nil {
		return noRoom()
	}
	var args api.RoomRequest
	if err := readArgs(c, &args); err != nil {
		return err
	}
	for _, session := range s.room.setOpen(args.Open) {
		s.sendOut(session)
	}
	return s.ShowRoom(c)
}

// RemovePerson sends somebody out. With the code they may come again.
func (s rest) RemovePerson(c echo.Context, id int) error {
	if s.room == nil {
		return noRoom()
	}
	session := s.room.remove(id)
	if session == "" {
		return refuse(http.StatusNotFound, "person", "nobody in the class has that number", "GET /api/room lists them")
	}
	s.sendOut(session)
	return s.ShowRoom(c)
}

// watching are the sessions that watch a lab.
func (s *Server) watching() map[string]bool {
	open := map[string]bool{}
	s.everywhere(func(b *booth) { maps.Copy(open, b.hub.Sessions()) })
	return open
}

// sendOut ends what a session watches.
func (s *Server) sendOut(session string) {
	s.everywhere(func(b *booth) { b.hub.Leave(session) })
}
