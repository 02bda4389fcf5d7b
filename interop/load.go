package main

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
)

// loadPlan says what a load does, as csqlstore's own program reads it in tests/load.
type loadPlan struct {
	DSN      string  `json:"dsn"`
	Key      string  `json:"key"`
	Workers  int     `json:"workers"`
	Sessions int     `json:"sessions"`
	Seconds  float64 `json:"seconds"`
}

type loadReport struct {
	Event   string  `json:"event"`
	Cycles  int64   `json:"cycles"`
	Elapsed float64 `json:"elapsed_s"`
}

// headers is a ResponseWriter that keeps nothing but headers.
type headers http.Header

func (h headers) Header() http.Header             { return http.Header(h) }
func (h headers) Write(bytes []byte) (int, error) { return len(bytes), nil }
func (h headers) WriteHeader(int)                 {}

// visitor is a browser with the cookie of one session.
type visitor struct {
	who, cookie string
	n           int64
}

const sessionName = "session-key"

func (v *visitor) visit(t *goStore) error {
	r := &http.Request{Method: "GET", Header: http.Header{}}
	if v.cookie != "" {
		r.Header.Set("Cookie", v.cookie)
	}
	s, err := t.Get(r, sessionName)
	if err != nil {
		return err
	}
	if v.cookie == "" {
		for key, value := range eightValues() {
			s.Values[key] = value
		}
		delete(s.Values, "user_id")
		s.Values["user"], s.Values["n"] = v.who, int64(0)
	} else if s.Values["user"] != v.who || s.Values["n"] != v.n {
		return fmt.Errorf("%s has %v of %v", v.who, s.Values["n"], s.Values["user"])
	}
	s.Values["n"] = v.n + 1
	w := headers{}
	if err := s.Save(r, w); err != nil {
		return err
	}
	v.n++
	v.cookie = strings.SplitN(w.Header().Get("Set-Cookie"), ";", 2)[0]
	return nil
}

// load gets and saves sessions as fast as it can, as many at a time as there are workers.
func load(in *bufio.Reader, out *json.Encoder) error {
	line, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	var p loadPlan
	if err := json.Unmarshal(line, &p); err != nil {
		return fmt.Errorf("a line is no plan: %w", err)
	}
	db, err := sql.Open("mysql", p.DSN)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(p.Workers)
	db.SetMaxIdleConns(p.Workers)
	t, err := newGoStore(db, securecookie.CodecsFromPairs([]byte(p.Key)), sessions.Options{Path: "/", MaxAge: 86400 * 30})
	if err != nil {
		return err
	}
	all := make([][]visitor, p.Workers)
	for worker := range all {
		all[worker] = make([]visitor, p.Sessions)
		for nr := range all[worker] {
			all[worker][nr].who = fmt.Sprintf("go/%d/%d", worker, nr)
			if err := all[worker][nr].visit(t); err != nil {
				return err
			}
		}
	}
	if err := out.Encode(map[string]string{"event": "working"}); err != nil {
		return err
	}
	var cycles int64
	var failed atomic.Value
	var running sync.WaitGroup
	begin := time.Now()
	end := begin.Add(time.Duration(p.Seconds * float64(time.Second)))
	for _, visitors := range all {
		running.Add(1)
		go func(visitors []visitor) {
			defer running.Done()
			for turn := 0; time.Now().Before(end); turn++ {
				if err := visitors[turn%len(visitors)].visit(t); err != nil {
					failed.Store(err.Error())
					return
				}
				atomic.AddInt64(&cycles, 1)
			}
		}(visitors)
	}
	running.Wait()
	if failure := failed.Load(); failure != nil {
		return fmt.Errorf("%s", failure)
	}
	return out.Encode(loadReport{"end", cycles, time.Since(begin).Seconds()})
}
