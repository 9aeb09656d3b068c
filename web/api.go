package web

import (
	"io/fs"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"clusterplay/assets"
	"clusterplay/playground"
	"clusterplay/web/view"
)

// mainLab is the name of the lab there is.
const mainLab = "main"

// page serves the shell; it holds nothing of the lab, which comes over the socket.
func (s *Server) page(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	shell := view.Shell{Script: assets.URL(assets.Script), Style: assets.URL(assets.Style), Built: assets.Built()}
	return view.Page(shell).Render(c.Request().Context(), c.Response())
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

// openSession turns the code of a printed link into a cookie.
func (s *Server) openSession(c echo.Context) error {
	var args struct {
		Code string `json:"code"`
	}
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
	return c.JSON(http.StatusOK, map[string]bool{"ok": true})
}

// showSession answers 200 to whoever is logged in.
func (s *Server) showSession(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]any{"ok": true, "version": s.cfg.Version})
}

// newLink makes another one-time link, for a second browser.
func (s *Server) newLink(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]string{"link": s.Link(c.Request().Host)})
}

// lab finds the lab a path names.
func (s *Server) lab(c echo.Context) (*playground.Lab, error) {
	if name := c.Param("lab"); name != mainLab {
		return nil, refuse(http.StatusNotFound, "lab", "there is no lab "+strconv.Quote(name), "the lab is called "+mainLab)
	}
	return s.cfg.Lab, nil
}

func (s *Server) showLab(c echo.Context) error {
	lab, err := s.lab(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, lab.Snapshot())
}

// done is the answer to an action: the same as a command line, what happened in a sentence, and
// what a program may want to know of it.
type done struct {
	OK      bool   `json:"ok"`
	Command string `json:"command"`
	Text    string `json:"text,omitempty"`
	Result  any    `json:"result,omitempty"`
}

// act does one action. The body holds its arguments by name.
func (s *Server) act(c echo.Context) error {
	lab, err := s.lab(c)
	if err != nil {
		return err
	}
	body, err := readBody(c)
	if err != nil {
		return err
	}
	action, err := playground.Decode(c.Param("verb"), body)
	if err != nil {
		return err
	}
	result, err := lab.Do(c.Request().Context(), action)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, done{true, result.Command, result.Text, result.Data})
}

func (s *Server) showVerbs(c echo.Context) error { return c.JSON(http.StatusOK, playground.Verbs()) }

func (s *Server) socket(c echo.Context) error {
	s.hub.ServeHTTP(c.Response(), c.Request())
	return nil
}
