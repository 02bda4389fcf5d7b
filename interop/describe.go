package main

import (
	"encoding"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"reflect"
)

// typeInfo is what a reader of gobs has to know of a Go type to tell how a value of it may differ from what was sent.
// Types are named as Go's reflection names them, without the pointers that gob passes over.
type typeInfo struct {
	Kind string `json:"kind"`
	// Opaque tells that the type writes itself.
	Opaque bool              `json:"opaque,omitempty"`
	Elem   string            `json:"elem,omitempty"`
	Key    string            `json:"key,omitempty"`
	Fields map[string]string `json:"fields,omitempty"`
}

type description struct {
	Registered map[string]string   `json:"registered"`
	Types      map[string]typeInfo `json:"types"`
}

// describe writes all registered types, and the types within them.
func describe(out *json.Encoder) error {
	all := description{map[string]string{}, map[string]typeInfo{}}
	for name, t := range registered {
		all.Registered[name] = all.add(t)
	}
	return out.Encode(all)
}

func (d *description) add(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := t.String()
	if _, there := d.Types[name]; there {
		return name
	}
	info := typeInfo{Kind: t.Kind().String(), Opaque: writesItself(t)}
	// A type may hold itself.
	d.Types[name] = info
	switch {
	case info.Opaque:
	case info.Kind == "struct":
		info.Fields = map[string]string{}
		for i := 0; i < t.NumField(); i++ {
			if field := t.Field(i); field.IsExported() {
				info.Fields[field.Name] = d.add(field.Type)
			}
		}
	case info.Kind == "map":
		info.Key, info.Elem = d.add(t.Key()), d.add(t.Elem())
	case info.Kind == "slice", info.Kind == "array":
		info.Elem = d.add(t.Elem())
	}
	d.Types[name] = info
	return name
}

func writesItself(t reflect.Type) bool {
	switch reflect.New(t).Interface().(type) {
	case gob.GobEncoder, encoding.BinaryMarshaler:
		return true
	}
	return false
}

// written is what a value wrote of itself.
type written struct {
	Type  string `json:"type"`
	Bytes []byte `json:"bytes"`
}

type rewritten struct {
	Value interface{} `json:"value"`
	Error string      `json:"error,omitempty"`
}

// anew lets a type read what it wrote of itself, perhaps damaged, and shows the value as accepts would.
func anew(w written) (rewritten, error) {
	for _, t := range registered {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.String() != w.Type {
			continue
		}
		value := reflect.New(t)
		var err error
		switch it := value.Interface().(type) {
		case gob.GobDecoder:
			err = it.GobDecode(w.Bytes)
		case encoding.BinaryUnmarshaler:
			err = it.UnmarshalBinary(w.Bytes)
		default:
			err = fmt.Errorf("%s does not read itself", w.Type)
		}
		if err != nil {
			return rewritten{Error: err.Error()}, nil
		}
		return rewritten{Value: plain(value)}, nil
	}
	return rewritten{}, fmt.Errorf("there is no type %q", w.Type)
}
