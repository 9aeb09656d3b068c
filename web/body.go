package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
)

const (
	// maxBody bounds what a request may carry: an action is a few words.
	maxBody = 64 << 10
	// maxDepth bounds the nesting of a JSON body; a partition's groups are three deep.
	maxDepth = 16
)

// readBody reads a JSON object within the bounds; an empty body is an empty object.
func readBody(c echo.Context) (json.RawMessage, error) {
	data, err := readText(c, "application/json", maxBody)
	switch {
	case err != nil:
		return nil, err
	case len(bytes.TrimSpace(data)) == 0:
		return json.RawMessage("{}"), nil
	}
	if err := checkJSON(data); err != nil {
		return nil, refuse(http.StatusBadRequest, "body", err.Error(), `send a JSON object, such as {"node":"7001"}`)
	}
	return data, nil
}

// readText reads a body of a kind, of at most so many bytes. A blank body of JSON needs no kind.
func readText(c echo.Context, want string, most int) ([]byte, error) {
	req := c.Request()
	if enc := req.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return nil, refuse(http.StatusUnsupportedMediaType, "Content-Encoding", "encoded bodies are not read", "send it as it is")
	}
	data, err := io.ReadAll(io.LimitReader(req.Body, int64(most)+1))
	switch {
	case err != nil:
		return nil, refuse(http.StatusBadRequest, "body", "the body could not be read", "")
	case len(data) > most:
		return nil, refuse(http.StatusRequestEntityTooLarge, "body", fmt.Sprintf("the body is larger than %d KiB", most>>10), "")
	case len(bytes.TrimSpace(data)) == 0 && want == "application/json":
		return nil, nil
	}
	// A form of a foreign page can send text/plain; only a script of ours sends what it is asked for.
	if kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type")); err != nil || kind != want {
		return nil, refuse(http.StatusUnsupportedMediaType, "Content-Type", "the body is not declared as "+want, "Content-Type: "+want)
	}
	return data, nil
}

// readArgs reads the body into args, a pointer to a struct; a name that it does not have is an
// error.
func readArgs(c echo.Context, args any) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	err = dec.Decode(args)
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		return refuse(http.StatusBadRequest, kind.Field, kind.Field+" cannot be a "+kind.Value, "")
	case err != nil:
		return refuse(http.StatusBadRequest, "body", err.Error(), "")
	}
	return nil
}

// checkJSON accepts one object in UTF-8, not nested deeper than maxDepth, that names nothing twice.
func checkJSON(data []byte) error {
	if !utf8.Valid(data) {
		return errors.New("the body is not UTF-8")
	}
	c := checker{dec: json.NewDecoder(bytes.NewReader(data))}
	token, err := c.dec.Token()
	if err != nil {
		return fmt.Errorf("the body is not JSON: %w", err)
	}
	if token != json.Delim('{') {
		return errors.New("the body is not a JSON object")
	}
	if err := c.object(1); err != nil {
		return err
	}
	if _, err := c.dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON object")
	}
	return nil
}

// checker walks over one JSON value without building it.
type checker struct{ dec *json.Decoder }

// value passes over the next value.
func (c checker) value(depth int) error {
	token, err := c.dec.Token()
	switch {
	case err != nil:
		return fmt.Errorf("the body is not JSON: %w", err)
	case depth > maxDepth:
		return errors.New("the body is nested too deeply")
	case token == json.Delim('{'):
		return c.object(depth + 1)
	case token == json.Delim('['):
		return c.array(depth + 1)
	}
	return nil
}

// object passes over the members of an object and its end.
func (c checker) object(depth int) error {
	seen := map[string]bool{}
	for c.dec.More() {
		token, err := c.dec.Token()
		name, ok := token.(string)
		switch {
		case err != nil || !ok:
			return fmt.Errorf("the body is not JSON: %w", err)
		case seen[name]:
			return fmt.Errorf("the body names %s twice", strconv.Quote(name))
		}
		seen[name] = true
		if err := c.value(depth); err != nil {
			return err
		}
	}
	return c.close()
}

// array passes over the elements of an array and its end.
func (c checker) array(depth int) error {
	for c.dec.More() {
		if err := c.value(depth); err != nil {
			return err
		}
	}
	return c.close()
}

// close passes over the end of an object or array.
func (c checker) close() error {
	if _, err := c.dec.Token(); err != nil {
		return fmt.Errorf("the body is not JSON: %w", err)
	}
	return nil
}
