package main

import (
	"database/sql"
	"errors"
	"math/rand"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
)

// goStore keeps sessions as clustersqlstore does: the same statements, the same ids, the same expiry, on gorilla's own
// interface. What it prints there is left out.
type goStore struct {
	inserting, deleting, updating, selecting *sql.Stmt
	codecs                                   []securecookie.Codec
	options                                  sessions.Options
}

// newGoStore prepares the statements, as clustersqlstore does: they are prepared once on each connection.
func newGoStore(db *sql.DB, codecs []securecookie.Codec, options sessions.Options) (*goStore, error) {
	s := &goStore{codecs: codecs, options: options}
	for text, statement := range map[string]**sql.Stmt{
		insertSession: &s.inserting,
		deleteSession: &s.deleting,
		updateSession: &s.updating,
		selectSession: &s.selecting,
	} {
		var err error
		if *statement, err = db.Prepare(text); err != nil {
			return nil, err
		}
	}
	return s, nil
}

const (
	insertSession = "INSERT INTO `session_cluster`(`id`, `data`, `expire_on`) VALUES (?, ?, ?)"
	deleteSession = "DELETE FROM `session_cluster` WHERE `id` = ?"
	updateSession = "UPDATE `session_cluster` SET `data` = ?, `expire_on` = ? WHERE `id` = ?"
	selectSession = "SELECT `data`, `expire_on` FROM `session_cluster` WHERE `id` = ? LIMIT 1"
	// expiry is the key under which a program sees, and may wish, when its session expires.
	expiry     = "x"
	timeFormat = "2006-01-02 15:04:05"
)

func (s *goStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

func (s *goStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.Options = &sessions.Options{Path: s.options.Path, MaxAge: s.options.MaxAge}
	session.IsNew = true
	cookie, err := r.Cookie(name)
	if err != nil {
		return session, nil
	}
	if err := securecookie.DecodeMulti(name, cookie.Value, &session.ID, s.codecs...); err != nil {
		return session, err
	}
	if s.load(session) == nil {
		session.IsNew = false
	}
	return session, nil
}

func (s *goStore) load(session *sessions.Session) error {
	var data, expireOn string
	if err := s.selecting.QueryRow(session.ID).Scan(&data, &expireOn); err != nil {
		return err
	}
	expires, err := time.Parse(timeFormat, expireOn)
	if err != nil {
		return err
	}
	if expires.Sub(time.Now()) < 0 {
		return errors.New("session expired")
	}
	if err := securecookie.DecodeMulti(session.Name(), data, &session.Values, s.codecs...); err != nil {
		return err
	}
	session.Values[expiry] = expires
	return nil
}

func (s *goStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	put := s.update
	if session.ID == "" || session.IsNew {
		put = s.insert
	}
	if err := put(session); err != nil {
		return err
	}
	encoded, err := securecookie.EncodeMulti(session.Name(), session.ID, s.codecs...)
	if err != nil {
		return err
	}
	http.SetCookie(w, sessions.NewCookie(session.Name(), encoded, session.Options))
	return nil
}

func (s *goStore) insert(session *sessions.Session) error {
	id := time.Now().Format(time.RFC3339Nano) + strconv.Itoa(rand.Intn(89999)+10000)
	expires := time.Now().Add(time.Second * time.Duration(session.Options.MaxAge))
	if wish := session.Values[expiry]; wish != nil {
		expires = wish.(time.Time)
	}
	delete(session.Values, expiry)
	encoded, err := securecookie.EncodeMulti(session.Name(), session.Values, s.codecs...)
	if err != nil {
		return err
	}
	// The moment in the local time of this process, which is UTC in the tests.
	if _, err := s.inserting.Exec(id, encoded, expires.Format(timeFormat)); err != nil {
		return err
	}
	session.ID = id
	return nil
}

func (s *goStore) update(session *sessions.Session) error {
	usual := time.Now().Add(time.Second * time.Duration(session.Options.MaxAge))
	expires := usual
	if wish := session.Values[expiry]; wish != nil && wish.(time.Time).After(usual) {
		expires = wish.(time.Time)
	}
	delete(session.Values, expiry)
	encoded, err := securecookie.EncodeMulti(session.Name(), session.Values, s.codecs...)
	if err != nil {
		return err
	}
	_, err = s.updating.Exec(encoded, expires, session.ID)
	return err
}

func (s *goStore) Delete(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	options := *session.Options
	options.MaxAge = -1
	http.SetCookie(w, sessions.NewCookie(session.Name(), "", &options))
	for key := range session.Values {
		delete(session.Values, key)
	}
	_, err := s.deleting.Exec(session.ID)
	return err
}
