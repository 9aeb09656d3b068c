package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"clusterplay/playground"
)

// slotsFresh is how long one answer about all slots serves everybody: a class that watches the map
// asks once a second each, and looking at every slot of every node is worth doing once.
const slotsFresh = 500 * time.Millisecond

// slotAnswer is the last answer about all slots, encoded.
type slotAnswer struct {
	mu    sync.Mutex
	taken time.Time
	body  []byte
}

// of is the answer, made anew when it is old.
func (a *slotAnswer) of(lab *playground.Lab) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.body != nil && time.Since(a.taken) < slotsFresh {
		return a.body, nil
	}
	body, err := json.Marshal(lab.SlotLoads())
	if err != nil {
		return nil, err
	}
	a.body, a.taken = body, time.Now()
	return body, nil
}

// showSlotLoads tells what every slot holds and was asked for.
func (s *Server) showSlotLoads(c echo.Context) error {
	lab, err := s.lab(c)
	if err != nil {
		return err
	}
	body, err := s.loads.of(lab)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, body)
}

// showSlot tells who holds keys of one slot, and names the first of them.
func (s *Server) showSlot(c echo.Context) error {
	lab, err := s.lab(c)
	if err != nil {
		return err
	}
	slot, err := strconv.Atoi(c.Param("slot"))
	if err != nil {
		return refuse(http.StatusBadRequest, "slot", "a slot is a number from 0 to 16383", "/api/labs/main/slots/8192")
	}
	holders, err := lab.SlotHolders(slot)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"slot": slot, "holders": holders})
}

// showGauges tells the nodes' numbers of the last minutes, those after the lab's time "after".
func (s *Server) showGauges(c echo.Context) error {
	lab, err := s.lab(c)
	if err != nil {
		return err
	}
	after, err := milliseconds(c, "after", 0)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, lab.Gauges(after.UnixMilli()))
}

// inspect asks a node about itself, without being one of its clients.
func (s *Server) inspect(c echo.Context) error {
	lab, err := s.lab(c)
	if err != nil {
		return err
	}
	seen, err := lab.Inspect(c.Param("node"), c.Param("what"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, seen)
}
