package web

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestABodyIsOneSmallPlainJSONObject(t *testing.T) {
	s := console(t)
	tests := []struct {
		name, body string
		header     map[string]string
		status     int
		field      string
	}{
		{"an array", `[]`, nil, 400, "body"},
		{"null", `null`, nil, 400, "body"},
		{"a number", `1`, nil, 400, "body"},
		{"half an object", `{"text":`, nil, 400, "body"},
		{"a comma too many", `{"text":"x",}`, nil, 400, "body"},
		{"two objects", `{"text":"x"}{}`, nil, 400, "body"},
		{"an object and a word", `{"text":"x"} x`, nil, 400, "body"},
		{"a name twice", `{"text":"x","text":"y"}`, nil, 400, "body"},
		{"a name twice, within", `{"text":{"a":1,"a":2}}`, nil, 400, "body"},
		{"deep arrays", `{"text":` + strings.Repeat("[", 30000) + strings.Repeat("]", 30000) + `}`, nil, 400, "body"},
		{"deep objects", strings.Repeat(`{"a":`, 10000) + "1" + strings.Repeat("}", 10000), nil, 400, "body"},
		{"not a number", `{"text":NaN}`, nil, 400, "body"},
		{"bytes that are not UTF-8", "{\"text\":\"\xff\xfe\"}", nil, 400, "body"},
		{"a byte order mark", "\ufeff{\"text\":\"x\"}", nil, 400, "body"},
		{"an unknown argument", `{"txt":"x"}`, nil, 400, "txt"},
		{"the wrong kind", `{"text":1}`, nil, 400, "text"},
		{"a missing argument", `{}`, nil, 400, "text"},
		{"nothing", ``, nil, 400, "text"},
		{"too long", `{"text":"` + strings.Repeat("x", 6<<20) + `"}`, nil, 413, "body"},
		{"just too long", `{"text":"` + strings.Repeat("x", maxBody) + `"}`, nil, 413, "body"},
		{"compressed", "\x1f\x8b\x08", map[string]string{"Content-Encoding": "gzip"}, 415, "Content-Encoding"},
		{"another type", `<text/>`, map[string]string{"Content-Type": "application/xml"}, 415, "Content-Type"},
		{"a broken type", `{}`, map[string]string{"Content-Type": "/;;"}, 415, "Content-Type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp := ask{method: "POST", path: "/api/labs/main/actions/mark", body: tt.body, header: map[string]string{
				"Authorization": "Bearer " + testToken, "Content-Type": "application/json"}}.with(tt.header).send(t, s)
			require.Equal(t, tt.status, resp.StatusCode)
			require.Equal(t, tt.field, problemOf(t, resp).Field)
		})
	}
}

// with adds headers.
func (a ask) with(header map[string]string) ask {
	for name, value := range header {
		a.header[name] = value
	}
	return a
}

func TestRefusalsNameTheFieldAndTheWayOut(t *testing.T) {
	s := console(t)
	tests := []struct {
		name, method, path, body string
		status                   int
		field                    string
	}{
		{"an unknown verb", "POST", "/api/labs/main/actions/explode", `{}`, 404, "verb"},
		{"an unknown lab", "GET", "/api/labs/other", ``, 404, "lab"},
		{"an unknown lab to act on", "POST", "/api/labs/other/actions/pause", `{}`, 404, "lab"},
		{"an unknown node", "POST", "/api/labs/main/actions/kill", `{"node":"9"}`, 400, "node"},
		{"an unknown lesson", "GET", "/api/lessons/none", ``, 404, "lesson"},
		{"a lesson's name that climbs", "GET", "/api/lessons/..%2f..%2fetc", ``, 404, "lesson"},
		{"no fence", "POST", "/api/lessons/a-master-dies/run", `{}`, 400, "fence"},
		{"an unknown argument of a lesson", "POST", "/api/lessons/a-master-dies/run", `{"fence":"1","x":1}`, 400, "body"},
		{"no code", "POST", "/api/session", `{}`, 400, "code"},
		{"a code that is a number", "POST", "/api/session", `{"code":1}`, 400, "code"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp := ask{method: tt.method, path: tt.path, body: tt.body, header: map[string]string{"Authorization": "Bearer " + testToken}}.own().send(t, s)
			require.Equal(t, tt.status, resp.StatusCode)
			require.Equal(t, tt.field, problemOf(t, resp).Field)
		})
	}
}

func FuzzCheckJSONAgreesWithTheDecoder(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":[1,{"b":null}]}`, `{"a":1}{}`, `[`, `{"a":"\ud800"}`, `{"a":1e999}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if checkJSON(data) == nil {
			require.True(t, json.Valid(data), "%q", data)
		}
	})
}
