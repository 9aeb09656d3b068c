package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// roomRequest is `ctl room`: the class, opening and closing it, and sending somebody out.
func roomRequest(words []string) (request, error) {
	r := request{method: http.MethodGet, path: "/api/room", show: showRoom}
	switch {
	case len(words) == 0:
		return r, nil
	case len(words) == 1 && (words[0] == "open" || words[0] == "close"):
		r.method, r.body = http.MethodPost, []byte(fmt.Sprintf(`{"open":%t}`, words[0] == "open"))
		return r, nil
	case len(words) == 2 && words[0] == "remove":
		if _, err := strconv.Atoi(words[1]); err != nil {
			return r, fmt.Errorf("room remove: %s is not a number; playground ctl room lists them", words[1])
		}
		r.method, r.path = http.MethodPost, "/api/room/people/"+words[1]+"/remove"
		return r, nil
	}
	return r, fmt.Errorf("room does not take %q: room, room open, room close, or room remove NUMBER", words[0])
}

func showRoom(out io.Writer, data []byte) error {
	var room struct {
		Open   bool
		Code   string
		Links  []string
		People []struct {
			ID       int
			Name     string
			From     string
			Watching bool
		}
	}
	if err := json.Unmarshal(data, &room); err != nil {
		return err
	}
	if !room.Open {
		fmt.Fprintln(out, "The class is closed. playground ctl room open opens it with a new code.")
	}
	for _, link := range room.Links {
		if room.Open {
			fmt.Fprintf(out, "%s   code %s\n", link, room.Code)
		}
	}
	for _, p := range room.People {
		state := "away"
		if p.Watching {
			state = "watching"
		}
		fmt.Fprintf(out, "%4d  %-8s  %s  %s\n", p.ID, state, p.From, p.Name)
	}
	return nil
}
