package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand"
	"net/http"
	"time"

	"github.com/gorilla/sessions"
)

// setCookie is a cookie, and the Set-Cookie header that net/http makes of it. What may be no UTF-8 goes as bytes.
type setCookie struct {
	Name     string `json:"name"`
	Value    []byte `json:"value"`
	Path     []byte `json:"path"`
	Domain   []byte `json:"domain"`
	MaxAge   int    `json:"max_age"`
	Secure   bool   `json:"secure"`
	HttpOnly bool   `json:"http_only"`
	SameSite string `json:"same_site"`
	Now      int64  `json:"now"`
	Header   string `json:"header"`
}

// cookieRead is what a request says in its Cookie headers, and what net/http finds there under a name; null for nothing.
type cookieRead struct {
	Headers [][]byte `json:"headers"`
	Asked   string   `json:"asked"`
	Found   *string  `json:"found"`
}

var sameSites = map[string]http.SameSite{
	"unsaid": http.SameSiteDefaultMode,
	"lax":    http.SameSiteLaxMode,
	"strict": http.SameSiteStrictMode,
	"none":   http.SameSiteNoneMode,
}

// cookies writes both kinds of cases, of which the outcome is net/http's.
func cookies(out *json.Encoder) error {
	// It warns of every byte that it leaves out.
	log.SetOutput(io.Discard)
	now := time.Date(2026, 11, 22, 9, 30, 0, 900_000_000, time.UTC).Unix()
	var problem error
	write := func(c setCookie) {
		options := &sessions.Options{Path: string(c.Path), Domain: string(c.Domain), MaxAge: c.MaxAge, Secure: c.Secure, HttpOnly: c.HttpOnly, SameSite: sameSites[c.SameSite]}
		cookie := sessions.NewCookie(c.Name, string(c.Value), options)
		if c.MaxAge > 0 {
			// As NewCookie does it, by a clock that both sides know.
			cookie.Expires = time.Unix(c.Now, 0).Add(time.Duration(c.MaxAge) * time.Second)
		}
		c.Header = cookie.String()
		if err := out.Encode(c); err != nil && problem == nil {
			problem = err
		}
	}
	for _, same := range []string{"unsaid", "lax", "strict", "none"} {
		for _, age := range []int{-3600, -1, 0, 1, 59, 3600, 86400 * 30, 86400 * 365 * 40} {
			for flags := 0; flags < 4; flags++ {
				write(setCookie{Name: "session-key", Value: []byte("MTc5NQ=="), Path: []byte("/"), MaxAge: age, Secure: flags&1 != 0, HttpOnly: flags&2 != 0, SameSite: same, Now: now})
			}
		}
	}
	// Every day of more than a year, for the names of days and months.
	for day := int64(0); day < 400; day++ {
		write(setCookie{Name: "s", MaxAge: 1, SameSite: "unsaid", Now: now + day*86400})
	}
	names := []string{"", "a", "a b", "a=b", "a;b", "__Host-s", "é", "a\n", "!#$%&'*+-.^_`|~09AZ", "(", "a,b", "a\"", "a/b"}
	for _, name := range names {
		write(setCookie{Name: name, Value: []byte("v"), SameSite: "unsaid", Now: now})
	}
	for b := 0; b < 256; b++ {
		text := []byte{'a', byte(b), 'b'}
		write(setCookie{Name: "s", Value: text, Path: text, Domain: text, SameSite: "unsaid", Now: now})
	}
	random := rand.New(rand.NewSource(1))
	draw := func(alphabet string, most int) []byte {
		text := make([]byte, random.Intn(most))
		for i := range text {
			text[i] = alphabet[random.Intn(len(alphabet))]
		}
		return text
	}
	for i := 0; i < 4000; i++ {
		domain := draw("ab01.-", 12)
		switch i % 8 {
		case 0:
			domain = draw("ab-.", 300)
		case 1:
			domain = []byte(fmt.Sprintf("%d.%d.%d.%d", random.Intn(300), random.Intn(300), random.Intn(20), random.Intn(20)))
		case 2:
			domain = draw("012.", 9)
		}
		write(setCookie{Name: "s", Value: draw("ab \",;\\\x7f\x80=", 12), Path: draw("/a ;\n\xff\"", 12), Domain: domain, MaxAge: random.Intn(4) - 1, SameSite: "lax", Now: now})
	}
	for i := 0; i < 4000; i++ {
		r := cookieRead{Headers: [][]byte{}, Asked: "sid"}
		header := http.Header{}
		for n := random.Intn(3); n >= 0; n-- {
			var line []byte
			for k := random.Intn(4); k >= 0; k-- {
				line = append(line, [][]byte{[]byte("sid"), []byte("sid="), draw("sid= \t", 5), draw("\"a=", 4), []byte("sid=\"")}[random.Intn(5)]...)
				line = append(line, draw("abc=\"\\\x80 ,\t", 8)...)
				line = append(line, [][]byte{[]byte(";"), []byte("; "), {}, []byte("\" ;")}[random.Intn(4)]...)
			}
			r.Headers = append(r.Headers, line)
			header["Cookie"] = append(header["Cookie"], string(line))
		}
		if cookie, err := (&http.Request{Header: header}).Cookie(r.Asked); err == nil {
			r.Found = &cookie.Value
		}
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return problem
}
