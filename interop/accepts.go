package main

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"reflect"

	"github.com/gorilla/securecookie"
)

// suspect is a gob of session values, or a signed value, either of which may be damaged.
type suspect struct {
	Gob  []byte `json:"gob"`
	Name string `json:"name"`
	keyPair
	// Value is opened under the pair, and only its payload is looked at.
	Value *string `json:"value"`
}

type opinion struct {
	Accepts bool `json:"accepts"`
	// Panics tells that Go would have ended the program, or the request.
	Panics bool        `json:"panics,omitempty"`
	Error  string      `json:"error,omitempty"`
	Values interface{} `json:"values,omitempty"`
	Bytes  []byte      `json:"bytes,omitempty"`
}

func accepts(s suspect) (answer opinion, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			answer, err = opinion{Panics: true, Error: fmt.Sprint(reason)}, nil
		}
	}()
	if s.Value != nil {
		codec := securecookie.New(s.HashKey, s.BlockKey).MaxAge(0).MaxLength(0).SetSerializer(securecookie.NopEncoder{})
		var payload []byte
		if err := codec.Decode(s.Name, *s.Value, &payload); err != nil {
			return opinion{Error: err.Error()}, nil
		}
		return opinion{Accepts: true, Bytes: payload}, nil
	}
	var values map[interface{}]interface{}
	if err := gob.NewDecoder(bytes.NewReader(s.Gob)).Decode(&values); err != nil {
		return opinion{Error: err.Error()}, nil
	}
	return opinion{Accepts: true, Values: plain(reflect.ValueOf(values))}, nil
}
