package kit

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// Answers says that a route of the method is registered for the path.
func (r *Routes) Answers(method, here string) bool {
	for _, route := range r.list {
		if route.Method == method && fits(route.Path, here) {
			return true
		}
	}
	return false
}

// HasPage says that the house of the request has a page at the path.
func HasPage(c echo.Context, here string) bool {
	r, ok := c.Get(routesKey).(*Routes)
	return ok && r.Answers(http.MethodGet, here)
}
