package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"clusterplay/web/api"
)

// operations lists the routes of the contract with what answers them.
func operations(answers api.ServerInterface) []route {
	var list recorder
	api.RegisterHandlers(&list, answers)
	return list
}

// recorder is a router that only notes what it is told, so that nothing is served before the policy
// table has spoken.
type recorder []route

func (r *recorder) add(method, path string, h echo.HandlerFunc) *echo.Route {
	*r = append(*r, route{method: method, path: path, handle: h})
	return nil // what is generated does not look at it
}

// GET and the other methods of the router are all the same to it.
func (r *recorder) GET(path string, h echo.HandlerFunc, _ ...echo.MiddlewareFunc) *echo.Route {
	return r.add(http.MethodGet, path, h)
}

func (r *recorder) POST(path string, h echo.HandlerFunc, _ ...echo.MiddlewareFunc) *echo.Route {
	return r.add(http.MethodPost, path, h)
}

func (r *recorder) PUT(path string, h echo.HandlerFunc, _ ...echo.MiddlewareFunc) *echo.Route {
	return r.add(http.MethodPut, path, h)
}

func (r *recorder) PATCH(path string, h echo.HandlerFunc, _ ...echo.MiddlewareFunc) *echo.Route {
	return r.add(http.MethodPatch, path, h)
}

func (r *recorder) DELETE(path string, h echo.HandlerFunc, _ ...echo.MiddlewareFunc) *echo.Route {
	return r.add(http.MethodDelete, path, h)
}

func (r *recorder) HEAD(path string, h echo.HandlerFunc, _ ...echo.MiddlewareFunc) *echo.Route {
	return r.add(http.MethodHead, path, h)
}

func (r *recorder) OPTIONS(path string, h echo.HandlerFunc, _ ...echo.MiddlewareFunc) *echo.Route {
	return r.add(http.MethodOptions, path, h)
}

func (r *recorder) TRACE(path string, h echo.HandlerFunc, _ ...echo.MiddlewareFunc) *echo.Route {
	return r.add(http.MethodTrace, path, h)
}

func (r *recorder) CONNECT(path string, h echo.HandlerFunc, _ ...echo.MiddlewareFunc) *echo.Route {
	return r.add(http.MethodConnect, path, h)
}
