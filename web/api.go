package web

import (
	"io/fs"
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"clusterplay/assets"
	"clusterplay/playground"
	"clusterplay/playground/words"
	"clusterplay/web/api"
	"clusterplay/web/hub"
	"clusterplay/web/view"
)

// page serves the shell; it holds nothing of the lab, which comes over the socket.
func (s *Server) page(c echo.Context) error {
	return s.shells.serve(c, "page", func(spoken *words.Words) (templ.Component, error) {
		sentences, err := words.Catalogue(spoken.Language())
		shell := view.Shell{Script: assets.URL(assets.Script), Style: assets.URL(assets.Style), Built: assets.Built(), Words: sentences}
		return view.Page(shell), err
	})
}

// asset serves one built file by its exact name.
func (s *Server) asset(c echo.Context) error {
	name := c.Param("*")
	if !fs.ValidPath(name) {
		return echo.ErrNotFound
	}
	data, err := fs.ReadFile(s.cfg.Assets, name)
	if err != nil {
		return echo.ErrNotFound
	}
	if c.QueryParam("v") != "" || assets.Named(name) {
		c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=31536000, immutable") // stamped with its content
	}
	return c.Blob(http.StatusOK, assetType(name), data)
}

// rest answers the operations of the contract. Parameters have been read by what is generated.
type rest struct{ *Server }

// ShowContract serves the contract itself.
func (rest) ShowContract(c echo.Context) error {
	return c.Blob(http.StatusOK, "application/yaml", api.Contract)
}

// OpenSession turns the code of a printed link into a cookie.
func (s rest) OpenSession(c echo.Context) error {
	var args api.SessionRequest
	if err := readArgs(c, &args); err != nil {
		return err
	}
	if args.Code == "" {
		return refuse(http.StatusBadRequest, "code", "the code is missing", "open the link that playground printed")
	}
	session, ok := s.sessions.redeem(args.Code)
	if !ok {
		return refuse(http.StatusUnauthorized, "code", "the link has been used or is too old", "run: playground ctl link")
	}
	c.SetCookie(sessionCookie(c.Request(), session))
	return s.session(c, teacher)
}

// ShowSession answers 200 to whoever is logged in.
func (s rest) ShowSession(c echo.Context) error {
	return s.session(c, who(c).role)
}

func (s rest) session(c echo.Context, r role) error {
	return c.JSON(http.StatusOK, api.Session{Ok: true, Version: s.cfg.Version, Role: r.String(), Lan: s.room != nil})
}

// NewLink makes another one-time link, for a second browser.
func (s rest) NewLink(c echo.Context) error {
	return c.JSON(http.StatusOK, api.Link{Link: s.Link(c.Request().Host)})
}

// ShowLab is the whole lab at this moment.
func (s rest) ShowLab(c echo.Context, name string) error {
	lab, err := s.lab(name)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, lab.Snapshot())
}

// act answers one verb. The body holds its arguments by name.
func (s *Server) act(verb string) echo.HandlerFunc {
	return func(c echo.Context) error {
		lab, err := s.lab(c.Param("lab"))
		if err != nil {
			return err
		}
		body, err := readBody(c)
		if err != nil {
			return err
		}
		action, err := playground.Decode(verb, body)
		if err != nil {
			return err
		}
		result, err := lab.Do(c.Request().Context(), action)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, api.Done{Ok: true, Command: result.Command, Text: result.Text, Result: result.Data})
	}
}

// ShowVerbs lists everything that can be done.
func (rest) ShowVerbs(c echo.Context) error { return c.JSON(http.StatusOK, playground.Verbs()) }

// OpenSocket is the live stream; the hub reads since from the request itself.
func (s rest) OpenSocket(c echo.Context, q api.OpenSocketParams) error {
	b, err := s.booth(q.Lab)
	if err != nil {
		return err
	}
	me := who(c)
	guest := hub.Guest{Session: me.session, Teacher: me.role == teacher}
	if me.session != "" {
		guest.Known = func() bool { return s.knows(me.session) }
	}
	b.hub.ServeHTTP(c.Response(), hub.From(c.Request(), guest))
	return nil
}
