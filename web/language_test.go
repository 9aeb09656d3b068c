package web

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThePageSpeaksTheLanguageAskedForKeptOrPreferred(t *testing.T) {
	s := console(t)
	tests := []struct {
		name, path, cookie, accept, want string
	}{
		{"nothing said", "/", "", "", "en"},
		{"the browser's", "/", "", "zh-CN,zh;q=0.9", "zh"},
		{"the address wins", "/?lang=en", "zh", "zh-CN", "en"},
		{"the choice is kept", "/", "zh", "en", "zh"},
		{"nonsense is ignored", "/?lang=xx", "yy", "zz", "en"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := map[string]string{"Accept-Language": tt.accept}
			if tt.cookie != "" {
				header["Cookie"] = languageCookie + "=" + tt.cookie
			}
			resp := ask{method: http.MethodGet, path: tt.path, header: header}.send(t, s)
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.Contains(t, string(body), `<html lang="`+tt.want+`"`)
			if tt.name == "the address wins" {
				require.Contains(t, resp.Header.Get("Set-Cookie"), languageCookie+"=en")
			}
		})
	}
}
