package main

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/gorilla/securecookie"
)

// plan says which sessions are read and written, where, and under which keys: the first signs.
type plan struct {
	DSN  string    `json:"dsn"`
	Name string    `json:"name"`
	Keys []keyPair `json:"keys"`
	IDs  []string  `json:"ids"`
}

// course says what became of them.
type course struct {
	Writes int `json:"writes"`
	// Counts is what each session's "n" was set to last.
	Counts map[string]int `json:"counts"`
	Errors []string       `json:"errors"`
}

// live is a Go program at work: again and again it loads a session, adds one to its "n" and saves it, as clustersqlstore
// does, until its standard input ends. It says "working" once it has saved one.
func live(in *bufio.Reader, out *json.Encoder) error {
	line, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	var p plan
	if err := json.Unmarshal(line, &p); err != nil {
		return fmt.Errorf("a line is no plan: %w", err)
	}
	db, err := sql.Open("mysql", p.DSN)
	if err != nil {
		return err
	}
	defer db.Close()
	var pairs [][]byte
	for _, pair := range p.Keys {
		pairs = append(pairs, pair.HashKey, pair.BlockKey)
	}
	codecs := securecookie.CodecsFromPairs(pairs...)
	ended := make(chan struct{})
	go func() {
		io.Copy(io.Discard, in)
		close(ended)
	}()
	c := course{Counts: map[string]int{}, Errors: []string{}}
	for turn := 0; ; turn++ {
		select {
		case <-ended:
			return out.Encode(c)
		default:
		}
		if turn == 1 {
			if err := out.Encode("working"); err != nil {
				return err
			}
		}
		id := p.IDs[turn%len(p.IDs)]
		if err := visit(db, codecs, p.Name, id, c.Counts); err != nil {
			c.Errors = append(c.Errors, fmt.Sprintf("%s: %v", id, err))
		} else {
			c.Writes++
		}
	}
}

// visit is one request of a user: a load and a save.
func visit(db *sql.DB, codecs []securecookie.Codec, name, id string, counts map[string]int) error {
	var data string
	if err := db.QueryRow("SELECT data FROM session_cluster WHERE id=? LIMIT 1", id).Scan(&data); err != nil {
		return err
	}
	values := map[interface{}]interface{}{}
	if err := securecookie.DecodeMulti(name, data, &values, codecs...); err != nil {
		return err
	}
	n, _ := values["n"].(int)
	if n != counts[id] {
		return fmt.Errorf("it holds %d, and %d was saved last", n, counts[id])
	}
	values["n"] = n + 1
	encoded, err := securecookie.EncodeMulti(name, values, codecs...)
	if err != nil {
		return err
	}
	expires := time.Now().UTC().Add(24 * time.Hour)
	for {
		_, err = db.Exec("UPDATE session_cluster SET data=?, expire_on=? WHERE id=?", encoded, expires, id)
		var conflict *mysql.MySQLError
		// 1213, or 3101 of a group: somebody else's commit came first.
		if errors.As(err, &conflict) && (conflict.Number == 1213 || conflict.Number == 3101) {
			continue
		}
		break
	}
	if err == nil {
		counts[id] = n + 1
	}
	return err
}
