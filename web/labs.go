package web

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/labstack/echo/v4"

	"clusterplay/playground"
	"clusterplay/web/api"
)

// ListLabs lists the labs and what they use of the computer.
func (s rest) ListLabs(c echo.Context) error {
	answer := api.Labs{Labs: []playground.Standing{}, Machine: s.cfg.Labs.Machine()}
	s.everywhere(func(b *booth) { answer.Labs = append(answer.Labs, b.lab.Standing()) })
	return c.JSON(http.StatusOK, answer)
}

// NewLab opens a lab beside the others and answers when its nodes have their ports; it forms by itself.
func (s rest) NewLab(c echo.Context) error {
	var args api.NewLab
	if err := readArgs(c, &args); err != nil {
		return err
	}
	topology, err := readTopology(args.Topology)
	if err != nil {
		return err
	}
	if args.Load < 0 {
		return refuse(http.StatusBadRequest, "load", "load cannot be less than 0", "writes per second, such as 20")
	}
	lab, err := s.cfg.Labs.Open(args.Id, topology)
	if err != nil {
		return err
	}
	b := newBooth(s.ctx, lab, s.seating)
	if !s.booths.add(b) {
		b.close()
		return refuse(http.StatusServiceUnavailable, "", "the console is closing", "")
	}
	s.tasks.Go(func() { s.form(b, args.Load) })
	s.tellLabs()
	return c.JSON(http.StatusOK, lab.Standing())
}

// readTopology reads a topology that came over the network: what a file may say, but for where files
// are kept, which is the business of whoever started the program.
func readTopology(text []byte) (playground.Topology, error) {
	topology, err := playground.ParseTopology(text)
	var wrong *playground.Error
	switch {
	case errors.As(err, &wrong) && wrong.Field == "file":
		return topology, refuse(http.StatusBadRequest, "topology", wrong.Message, "the same fields as in a topology file")
	case topology.DataDir != "":
		return topology, refuse(http.StatusBadRequest, "data-dir", "a folder can be named on the command line only",
			"leave it out: beside a main lab with --data the files are kept")
	}
	return topology, nil // whatever else is wrong with it, Open says, and for how many nodes there is room
}

// form lets a new lab form and its clients write. A lab that does not form stays, so that it can be seen
// why.
func (s *Server) form(b *booth, load int) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("console", "in", "forming "+b.lab.ID(), "panic", r, "stack", string(debug.Stack()))
		}
	}()
	defer s.tellLabs()
	if b.lab.Form(s.ctx) != nil || load == 0 {
		return // the lab's standing says why
	}
	if _, err := b.lab.Do(s.ctx, playground.LoadRate{Rate: load}); err != nil {
		slog.Warn("console", "lab", b.lab.ID(), "load", err)
	}
}

// CloseLab ends a lab and what watches it. Nothing of another lab is touched.
func (s rest) CloseLab(c echo.Context, name string) error {
	b, err := s.booth(name)
	if err != nil {
		return err
	}
	if b == s.main() {
		return refuse(http.StatusConflict, "lab", "the main lab ends with the playground", "setup gives it another shape, reset empties it")
	}
	s.booths.remove(b)
	b.close()
	if err := s.cfg.Labs.Close(name); err != nil {
		return err
	}
	s.tellLabs()
	return c.JSON(http.StatusOK, api.Done{Ok: true, Command: "playground ctl close " + name, Text: "The lab " + name + " is closed."})
}

// tellLabs tells every viewer that the list of labs has changed.
func (s *Server) tellLabs() {
	s.everywhere(func(b *booth) {
		b.hub.Tell(struct {
			Type string `json:"type"`
		}{"labs"})
	})
}
