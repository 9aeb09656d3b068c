package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"clusterplay/playground/words"
)

const (
	languageCookie = "playground-language"
	// languageLife is how long a browser keeps the language that somebody chose.
	languageLife = 365 * 24 * time.Hour
)

// chooseLanguage is the language of the address (?lang=zh), of an earlier choice, or of the
// browser. A choice in the address is kept.
func chooseLanguage(c echo.Context) *words.Words {
	asked := c.QueryParam("lang")
	if slices.Contains(words.Languages, asked) {
		c.SetCookie(&http.Cookie{
			Name: languageCookie, Value: asked, Path: "/", MaxAge: int(languageLife.Seconds()), SameSite: http.SameSiteStrictMode,
		})
	} else if kept, err := c.Cookie(languageCookie); err == nil {
		asked = kept.Value
	}
	c.Response().Header().Add(echo.HeaderVary, "Accept-Language, Cookie")
	return words.In(words.Match(asked, c.Request().Header.Get("Accept-Language")))
}
