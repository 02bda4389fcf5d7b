package main

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
)

// table keeps gorilla's sessions in the table, by the statements of clustersqlstore: each is prepared once, an expiry is
// written as a time, and read as text. (What that one prints at each save is left out.)
type table struct {
	insert, update, read *sql.Stmt
	codecs               []securecookie.Codec
	options              sessions.Options
}

const textTime = "2006-01-02 15:04:05"

func openTable(db *sql.DB, pairs ...[]byte) (*table, error) {
	t := &table{codecs: securecookie.CodecsFromPairs(pairs...), options: sessions.Options{Path: "/", MaxAge: 86400 * 30}}
	for statement, text := range map[**sql.Stmt]string{
		&t.insert: "INSERT INTO `session_cluster`(`id`, `data`, `expire_on`) VALUES (?, ?, ?)",
		&t.update: "UPDATE `session_cluster` SET `data` = ?, `expire_on` = ? WHERE `id` = ?",
		&t.read:   "SELECT `data`, `expire_on` FROM `session_cluster` WHERE `id` = ? LIMIT 1",
	} {
		var err error
		if *statement, err = db.Prepare(text); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Get is what a program calls.
func (t *table) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(t, name)
}

// New is called by the registry.
func (t *table) New(r *http.Request, name string) (*sessions.Session, error) {
	s := sessions.NewSession(t, name)
	options := t.options
	s.Options, s.IsNew = &options, true
	cookie, err := r.Cookie(name)
	if err != nil {
		return s, nil
	}
	if err := securecookie.DecodeMulti(name, cookie.Value, &s.ID, t.codecs...); err != nil {
		return s, err
	}
	var data, text string
	if err := t.read.QueryRow(s.ID).Scan(&data, &text); err != nil {
		return s, err
	}
	expires, err := time.Parse(textTime, text)
	if err != nil {
		return s, err
	}
	if expires.Before(time.Now()) {
		return s, errors.New("it has expired")
	}
	if err := securecookie.DecodeMulti(name, data, &s.Values, t.codecs...); err != nil {
		return s, err
	}
	s.Values["x"], s.IsNew = expires, false
	return s, nil
}

// Save writes the session and its cookie.
func (t *table) Save(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	now := time.Now()
	expires := now.Add(time.Duration(s.Options.MaxAge) * time.Second)
	if wished, ok := s.Values["x"].(time.Time); ok && wished.After(expires) {
		expires = wished
	}
	delete(s.Values, "x")
	data, err := securecookie.EncodeMulti(s.Name(), s.Values, t.codecs...)
	if err != nil {
		return err
	}
	if s.ID == "" {
		s.ID = now.Format(time.RFC3339Nano) + strconv.Itoa(rand.Intn(89999)+10000)
		_, err = t.insert.Exec(s.ID, data, expires.Format(textTime))
	} else {
		_, err = t.update.Exec(data, expires, s.ID)
	}
	if err != nil {
		return err
	}
	encoded, err := securecookie.EncodeMulti(s.Name(), s.ID, t.codecs...)
	if err != nil {
		return err
	}
	http.SetCookie(w, sessions.NewCookie(s.Name(), encoded, s.Options))
	return nil
}

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

func (v *visitor) visit(t *table) error {
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
	t, err := openTable(db, []byte(p.Key))
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
