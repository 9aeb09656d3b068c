package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"clusterplay/playground"
	"clusterplay/web/api"
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

// ShowSlotLoads tells what every slot holds and was asked for, now or at a moment of the past.
func (s rest) ShowSlotLoads(c echo.Context, name string, q api.ShowSlotLoadsParams) error {
	b, err := s.booth(name)
	if err != nil {
		return err
	}
	if q.T != 0 {
		past, err := b.lab.PastSlotLoads(c.Request().Context(), time.UnixMilli(q.T))
		if err != nil {
			return unrecorded(err)
		}
		return c.JSON(http.StatusOK, past)
	}
	body, err := b.loads.of(b.lab)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, body)
}

// ShowSlot tells who holds keys of one slot, and names the first of them.
func (s rest) ShowSlot(c echo.Context, name string, slot int) error {
	lab, err := s.lab(name)
	if err != nil {
		return err
	}
	holders, err := lab.SlotHolders(slot)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, api.SlotHolders{Slot: slot, Holders: holders})
}

// ShowGauges tells the nodes' numbers of the last minutes, those after the lab's time "after"; with
// "until", those that are recorded between the two.
func (s rest) ShowGauges(c echo.Context, name string, q api.ShowGaugesParams) error {
	lab, err := s.lab(name)
	if err != nil {
		return err
	}
	if q.Until == 0 {
		return c.JSON(http.StatusOK, lab.Gauges(q.After))
	}
	past, err := lab.PastGauges(c.Request().Context(), time.UnixMilli(q.After), time.UnixMilli(q.Until))
	if err != nil {
		return unrecorded(err)
	}
	return c.JSON(http.StatusOK, past)
}

// forTeachers are the inspections that may show passwords, and what others typed.
var forTeachers = []string{"config", "clients", "slowlog"}

// Inspect asks a node about itself, without being one of its clients.
func (s rest) Inspect(c echo.Context, name string, node, what string, q api.InspectParams) error {
	lab, err := s.lab(name)
	if err != nil {
		return err
	}
	if who(c).role < teacher && slices.Contains(forTeachers, what) {
		return refuse(http.StatusForbidden, "what", "only the teacher may see that", "info, cluster, nodes, shards, links or keys")
	}
	look := func() (playground.Inspection, error) { return lab.Inspect(node, what) }
	if what == "keys" {
		look = func() (playground.Inspection, error) { return lab.InspectKeys(node, q.Cursor) }
	}
	seen, err := look()
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, seen)
}

// ShowHeartbeat tells the bytes of the last PING that a node sent.
func (s rest) ShowHeartbeat(c echo.Context, name string, node string) error {
	lab, err := s.lab(name)
	if err != nil {
		return err
	}
	beat, err := lab.Heartbeat(node)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, beat)
}
