package main

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
)

type keyPair struct {
	HashKey  []byte `json:"hash_key"`
	BlockKey []byte `json:"block_key"`
}

// session is a session as tests/testdata/sessions.jsonl has it; what is left out is not checked.
type session struct {
	Case string `json:"case"`
	Name string `json:"name"`
	keyPair
	// Pairs are used in place of the one pair above, in this order.
	Pairs []keyPair `json:"pairs"`
	ID    string    `json:"id"`
	// Cookie is the securecookie of the id, Data that of the values.
	Cookie string `json:"cookie"`
	Data   string `json:"data"`
	Gob    []byte `json:"gob"`
	// Values are in csqlstore's mapping to JSON, Types beside them.
	Values json.RawMessage `json:"values"`
	Types  json.RawMessage `json:"types"`
}

type verdict struct {
	Case    string `json:"case"`
	Problem string `json:"problem,omitempty"`
}

func (s session) keys() [][]byte {
	pairs := s.Pairs
	if len(pairs) == 0 {
		pairs = []keyPair{s.keyPair}
	}
	var keys [][]byte
	for _, pair := range pairs {
		keys = append(keys, pair.HashKey, pair.BlockKey)
	}
	return keys
}

// codecs has gorilla's own codecs, with no limit of age or length: the vectors grow old, and some are long.
func codecs(keys [][]byte) []securecookie.Codec {
	all := securecookie.CodecsFromPairs(keys...)
	for _, codec := range all {
		codec.(*securecookie.SecureCookie).MaxAge(0).MaxLength(0)
	}
	return all
}

func check(s session) (verdict, error) {
	answer := verdict{Case: s.Case}
	if err := s.check(); err != nil {
		answer.Problem = err.Error()
	}
	return answer, nil
}

func (s session) check() (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("a panic: %v", reason)
		}
	}()
	expected, err := parsed(s.Values)
	if err != nil {
		return fmt.Errorf("the expected values are no JSON: %w", err)
	}
	if s.Gob != nil {
		values := map[interface{}]interface{}{}
		if err := gob.NewDecoder(bytes.NewReader(s.Gob)).Decode(&values); err != nil {
			return fmt.Errorf("the gob does not decode: %w", err)
		}
		if err := s.compare(values, expected); err != nil {
			return fmt.Errorf("the gob: %w", err)
		}
	}
	// As a store does it: gorilla's own session, filled from the row.
	store := sessions.NewCookieStore(s.keys()...)
	stored := sessions.NewSession(store, s.Name)
	if err := securecookie.DecodeMulti(s.Name, s.Data, &stored.Values, codecs(s.keys())...); err != nil {
		return fmt.Errorf("the row does not decode: %w", err)
	}
	if err := s.compare(stored.Values, expected); err != nil {
		return fmt.Errorf("the row: %w", err)
	}
	if flashes, ok := stored.Values["_flash"].([]interface{}); ok && !reflect.DeepEqual(stored.Flashes(), flashes) {
		return fmt.Errorf("the row: gorilla's Flashes are not what `_flash` holds")
	}
	var id string
	if err := securecookie.DecodeMulti(s.Name, s.Cookie, &id, codecs(s.keys())...); err != nil {
		return fmt.Errorf("the cookie does not decode: %w", err)
	}
	if id != s.ID {
		return fmt.Errorf("the cookie holds the id %q", id)
	}
	return nil
}

// compare fails on the first difference in the values, or in the Go type of one of them.
func (s session) compare(values map[interface{}]interface{}, expected interface{}) error {
	if got := plain(reflect.ValueOf(values)); canonical(got) != canonical(expected) {
		return difference(expected, got)
	}
	if s.Types == nil {
		return nil
	}
	types, err := parsed(s.Types)
	if err != nil {
		return fmt.Errorf("the expected types are no JSON: %w", err)
	}
	switch types := types.(type) {
	case object:
		for key, name := range types {
			// The key may be of any string type.
			if !some(values, quote(key), "", name) {
				return fmt.Errorf("the value under %q is not of the type %v", key, name)
			}
		}
	case []interface{}:
		pairs, _ := expected.(object)["$map"].([]interface{})
		if len(pairs) != len(types) {
			return fmt.Errorf("%d types were given for %d pairs", len(types), len(pairs))
		}
		for at, name := range types {
			pair := pairs[at].([]interface{})
			if !some(values, canonical(pair[0]), canonical(pair[1]), name) {
				return fmt.Errorf("no value under %s is of the type %v", canonical(pair[0]), name)
			}
		}
	}
	return nil
}

// difference names the first value that differs, where both sides have the same keys.
func difference(expected, found interface{}) error {
	want, ok := expected.(object)
	got, also := found.(object)
	if ok && also && len(want) == len(got) {
		for key := range want {
			if value, there := got[key]; there && canonical(value) != canonical(want[key]) {
				return fmt.Errorf("%q: %w", key, difference(want[key], value))
			}
		}
	}
	return fmt.Errorf("expected %s, found %s", canonical(expected), canonical(found))
}

// some tells whether an entry of this key, value (if given) and type is there.
func some(values map[interface{}]interface{}, key, value string, name interface{}) bool {
	for k, v := range values {
		if canonical(plain(reflect.ValueOf(k))) != key {
			continue
		}
		if value != "" && canonical(plain(reflect.ValueOf(v))) != value {
			continue
		}
		if name == nil && v == nil {
			return true
		}
		if text, _ := name.(string); known[text] != nil && known[text](v) {
			return true
		}
	}
	return false
}
