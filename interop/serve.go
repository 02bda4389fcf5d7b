package main

import (
	"bufio"
	"database/sql"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
)

// Profile is the struct of examples/axum.rs.
type Profile struct {
	Name string
	Age  int
}

// service says what is served: which sessions, where they are kept, and under which keys, of which the first signs.
type service struct {
	DSN    string    `json:"dsn"`
	Name   string    `json:"name"`
	Keys   []keyPair `json:"keys"`
	MaxAge int       `json:"max_age"`
}

// serve is a Go web service with the routes of examples/axum.rs, on gorilla/sessions. It says where it listens, and ends
// with its standard input.
func serve(in *bufio.Reader, out *json.Encoder) error {
	line, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	var s service
	if err := json.Unmarshal(line, &s); err != nil {
		return fmt.Errorf("a line is no service: %w", err)
	}
	gob.Register(Profile{})
	db, err := sql.Open("mysql", s.DSN)
	if err != nil {
		return err
	}
	defer db.Close()
	var pairs [][]byte
	for _, pair := range s.Keys {
		pairs = append(pairs, pair.HashKey, pair.BlockKey)
	}
	store, err := newGoStore(db, securecookie.CodecsFromPairs(pairs...), sessions.Options{Path: "/", MaxAge: s.MaxAge})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := out.Encode("http://" + listener.Addr().String()); err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- http.Serve(listener, routes(store, s.Name)) }()
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, in)
		ended <- err
	}()
	select {
	case err := <-failed:
		return err
	case err := <-ended:
		return err
	}
}

func routes(store *goStore, name string) http.Handler {
	mux := http.NewServeMux()
	// handle is given a session and the request's body, and says what to answer; save is called before that.
	handle := func(path string, answer func(session *sessions.Session, r *http.Request, body string, save func() error) (string, error)) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			session, err := store.Get(r, name)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			var body []byte
			if r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
				err = r.ParseForm()
			} else {
				body, err = io.ReadAll(r.Body)
			}
			text := ""
			if err == nil {
				text, err = answer(session, r, string(body), func() error { return session.Save(r, w) })
			}
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			io.WriteString(w, text)
		})
	}
	handle("/", func(session *sessions.Session, r *http.Request, body string, save func() error) (string, error) {
		shown := map[string]interface{}{}
		for key, value := range session.Values {
			if key != expiry {
				shown[key.(string)] = value
			}
		}
		text, err := json.Marshal(shown)
		return string(text), err
	})
	handle("/values", func(session *sessions.Session, r *http.Request, body string, save func() error) (string, error) {
		for key := range r.PostForm {
			session.Values[key] = r.PostForm.Get(key)
		}
		return "", save()
	})
	handle("/visit", func(session *sessions.Session, r *http.Request, body string, save func() error) (string, error) {
		visits, _ := session.Values["visits"].(int)
		session.Values["visits"] = visits + 1
		return strconv.Itoa(visits + 1), save()
	})
	handle("/flashes", func(session *sessions.Session, r *http.Request, body string, save func() error) (string, error) {
		if r.Method == http.MethodPost {
			session.AddFlash(body)
			return "", save()
		}
		var lines []string
		for _, flash := range session.Flashes() {
			lines = append(lines, flash.(string))
		}
		return strings.Join(lines, "\n"), save()
	})
	handle("/profile", func(session *sessions.Session, r *http.Request, body string, save func() error) (string, error) {
		age, err := strconv.Atoi(r.PostForm.Get("age"))
		if err != nil {
			return "", err
		}
		session.Values["profile"] = Profile{r.PostForm.Get("name"), age}
		return "", save()
	})
	handle("/birthday", func(session *sessions.Session, r *http.Request, body string, save func() error) (string, error) {
		profile, ok := session.Values["profile"].(Profile)
		if !ok {
			return "", fmt.Errorf("the profile is a %T", session.Values["profile"])
		}
		profile.Age++
		session.Values["profile"] = profile
		return fmt.Sprintf("%s is %d", profile.Name, profile.Age), save()
	})
	handle("/login", func(session *sessions.Session, r *http.Request, body string, save func() error) (string, error) {
		session.Values["user"] = body
		return "", save()
	})
	handle("/wish", func(session *sessions.Session, r *http.Request, body string, save func() error) (string, error) {
		seconds, err := strconv.Atoi(body)
		if err != nil {
			return "", err
		}
		session.Values[expiry] = time.Now().Add(time.Duration(seconds) * time.Second)
		return "", save()
	})
	mux.HandleFunc("/logout", func(w http.ResponseWriter, r *http.Request) {
		session, err := store.Get(r, name)
		if err == nil {
			err = store.Delete(r, w, session)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	return mux
}
