package web

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// wayward are names that mean something to a file system. "enc:" stands before those that are put
// into a path as they are; the others are escaped first, so that they arrive as written.
var wayward = []string{
	"..", "../", "../..", "../../etc/passwd", "../../../../../../etc/passwd", "./en.md", "a-master-dies/../a-master-dies",
	"/etc/passwd", "//etc/passwd", `\\server\share`, `..\`, `..\..\windows\win.ini`, `C:\`, `C:\windows\win.ini`, "C:/windows", "file:///etc/passwd",
	"NUL", "CON", "com1", "aux.md", "lpt1.txt", "a\x00b", "a-master-dies\x00.md", "a-master-dies.", "a-master-dies ", " a-master-dies", "a-master-dies/",
	"enc:..%2f", "enc:..%2f..%2fetc%2fpasswd", "enc:%2e%2e%2f", "enc:%2e%2e%5c", "enc:%252e%252e%252f", "enc:%252e%252e%252fetc%252fpasswd", "enc:%2fetc%2fpasswd",
	"enc:%c0%ae%c0%ae%2f", "enc:%00", "enc:..;/", "enc:%ff%fe",
	"．．/", "‥/", "․․/", "ａ-master-dies", "a-master-dies\u202e", "~", "~/.ssh/id_rsa", "$HOME", "%HOME%", "-rf", "*", "?", ".", "...", ".git/config",
	"a\nb", "a\r\nSet-Cookie: x=1", strings.Repeat("a", 4096), strings.Repeat("../", 1000) + "etc/passwd",
}

// named are the paths into which somebody puts a name.
var named = []struct{ method, path string }{
	{"GET", "/assets/NAME"},
	{"GET", "/api/lessons/NAME"},
	{"POST", "/api/lessons/NAME/run"},
	{"GET", "/api/labs/NAME"},
	{"GET", "/api/labs/NAME/history"},
	{"GET", "/api/labs/main/slots/NAME"},
	{"GET", "/api/labs/main/nodes/NAME/inspect/info"},
	{"GET", "/api/labs/main/nodes/7000/inspect/NAME"},
	{"POST", "/api/labs/main/actions/NAME"},
	{"POST", "/api/room/people/NAME/remove"},
}

func TestSEC11ANameIsNeverAPath(t *testing.T) {
	require.GreaterOrEqual(t, len(wayward), 45)
	s := classroom(t)
	for _, name := range wayward {
		escaped, raw := strings.CutPrefix(name, "enc:")
		if !raw {
			escaped = url.PathEscape(name)
		}
		t.Run(name[:min(len(name), 30)], func(t *testing.T) {
			for _, to := range named {
				path := strings.Replace(to.path, "NAME", escaped, 1)
				resp := ask{method: to.method, path: path, body: `{"all":true}`, header: map[string]string{"Authorization": "Bearer " + testToken}}.own().send(t, s)
				body, err := io.ReadAll(resp.Body)
				require.NoError(t, err)
				require.Contains(t, []int{http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed}, resp.StatusCode, "%s: %.300s", path, body)
				require.NotContains(t, string(body), "root:", path)
				require.Empty(t, resp.Cookies(), path)
				require.NotContains(t, resp.Header, "Location", path)
			}
		})
	}
}

func TestSEC11ANameInAQueryIsNeverAPath(t *testing.T) {
	s := console(t)
	for _, name := range wayward {
		for _, path := range []string{"/scrape?target=", "/api/lessons?lang=", "/api/lessons/a-master-dies?lang=", "/?lang=", "/?view="} {
			resp := ask{method: "GET", path: path + url.QueryEscape(strings.TrimPrefix(name, "enc:")), header: map[string]string{"Authorization": "Bearer " + testToken}}.send(t, s)
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.Less(t, resp.StatusCode, 500, path)
			require.NotContains(t, string(body), "root:", path)
		}
	}
}
