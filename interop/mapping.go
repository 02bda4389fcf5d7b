package main

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A float is written as the hexadecimal digits of its bits, because readers of JSON differ in the last place.
type object = map[string]interface{}

func floatOf(value float64) interface{} {
	switch {
	case math.IsNaN(value):
		return "NaN"
	case math.IsInf(value, 1):
		return "+Inf"
	case math.IsInf(value, -1):
		return "-Inf"
	}
	return object{"$float": fmt.Sprintf("%016x", math.Float64bits(value))}
}

func bytesOf(value []byte) interface{} {
	return object{"$bytes": base64.StdEncoding.EncodeToString(value)}
}

func opaqueOf(value []byte, err error) interface{} {
	if err != nil {
		return object{"$error": err.Error()}
	}
	return object{"$gob": base64.StdEncoding.EncodeToString(value)}
}

// plain turns a Go value into what csqlstore's JSON has for it: `values` of its answers, floats apart.
func plain(v reflect.Value) interface{} {
	for v.IsValid() && (v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer) {
		if v.IsNil() {
			return nil
		}
		if it, ok := opaque(v); ok {
			return it
		}
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil
	}
	if it, ok := opaque(v); ok {
		return it
	}
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return json.Number(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return json.Number(strconv.FormatUint(v.Uint(), 10))
	case reflect.Float32, reflect.Float64:
		return floatOf(v.Float())
	case reflect.Complex64, reflect.Complex128:
		return object{"$complex": []interface{}{floatOf(real(v.Complex())), floatOf(imag(v.Complex()))}}
	case reflect.String:
		if !utf8.ValidString(v.String()) {
			return bytesOf([]byte(v.String()))
		}
		return v.String()
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return bytesOf(v.Bytes())
		}
		return list(v)
	case reflect.Array:
		return list(v)
	case reflect.Map:
		return entries(v)
	case reflect.Struct:
		return fields(v)
	}
	return object{"$error": "a value of kind " + v.Kind().String()}
}

// opaque maps the types that write themselves, in gob's order of preference.
func opaque(v reflect.Value) (interface{}, bool) {
	value := v.Interface()
	if at, ok := value.(time.Time); ok {
		return timeOf(at), true
	}
	if v.Kind() != reflect.Pointer && v.Kind() != reflect.Interface {
		pointer := reflect.New(v.Type())
		pointer.Elem().Set(v)
		value = pointer.Interface()
	}
	switch it := value.(type) {
	case *time.Time:
		return timeOf(*it), true
	case gob.GobEncoder:
		return opaqueOf(it.GobEncode()), true
	case encoding.BinaryMarshaler:
		return opaqueOf(it.MarshalBinary()), true
	}
	return nil, false
}

func timeOf(at time.Time) interface{} {
	_, offset := at.Zone()
	// Go moves a time by any offset that it reads; RFC 3339 has none of a day or more.
	if year := at.Year(); year < 0 || year > 9999 || offset <= -86400 || offset >= 86400 {
		return opaqueOf(at.MarshalBinary())
	}
	text := at.Format("2006-01-02T15:04:05.999999999")
	if offset == 0 {
		return text + "Z"
	}
	sign := "+"
	if offset < 0 {
		sign, offset = "-", -offset
	}
	text += fmt.Sprintf("%s%02d:%02d", sign, offset/3600, offset/60%60)
	if offset%60 != 0 {
		text += fmt.Sprintf(":%02d", offset%60)
	}
	return text
}

func list(v reflect.Value) interface{} {
	items := make([]interface{}, v.Len())
	for i := range items {
		items[i] = plain(v.Index(i))
	}
	return items
}

func entries(v reflect.Value) interface{} {
	asObject := object{}
	pairs := []interface{}{}
	isObject := true
	for each := v.MapRange(); each.Next(); {
		key, value := plain(each.Key()), plain(each.Value())
		pairs = append(pairs, []interface{}{key, value})
		text, ok := key.(string)
		kind := each.Key()
		for kind.Kind() == reflect.Interface {
			kind = kind.Elem()
		}
		if _, twice := asObject[text]; !ok || twice || kind.Kind() != reflect.String || strings.HasPrefix(text, "$") {
			isObject = false
		}
		asObject[text] = value
	}
	if isObject {
		return asObject
	}
	return object{"$map": pairs}
}

func fields(v reflect.Value) interface{} {
	out := object{}
	for i := 0; i < v.NumField(); i++ {
		if field := v.Type().Field(i); field.IsExported() && isSent(v.Field(i)) {
			out[field.Name] = plain(v.Field(i))
		}
	}
	return out
}

// isSent tells whether gob writes a field: it leaves zero values out, but for structs and arrays that do not write
// themselves.
func isSent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice:
		return v.Len() > 0
	case reflect.Float32, reflect.Float64:
		return v.Float() != 0
	case reflect.Complex64, reflect.Complex128:
		return v.Complex() != 0
	case reflect.Array, reflect.Struct:
		if _, writesItself := opaque(v); !writesItself {
			return true
		}
	}
	return !v.IsZero()
}

// canonical writes a mapped value so that equal ones have equal texts: floats by their bits, pairs in order. It takes
// what plain made, and what csqlstore wrote and json.Decoder read with UseNumber.
func canonical(value interface{}) string {
	switch it := value.(type) {
	case json.Number:
		if strings.ContainsAny(string(it), ".eE") {
			number, err := strconv.ParseFloat(string(it), 64)
			if err != nil {
				return "no number: " + string(it)
			}
			return canonical(floatOf(number))
		}
		return string(it)
	case []interface{}:
		return "[" + strings.Join(texts(it), ",") + "]"
	case object:
		if pairs, ok := it["$map"].([]interface{}); ok && len(it) == 1 {
			all := texts(pairs)
			sort.Strings(all)
			return "{\"$map\":[" + strings.Join(all, ",") + "]}"
		}
		all := make([]string, 0, len(it))
		for key, value := range it {
			all = append(all, quote(key)+":"+canonical(value))
		}
		sort.Strings(all)
		return "{" + strings.Join(all, ",") + "}"
	}
	return quote(value)
}

func texts(items []interface{}) []string {
	all := make([]string, len(items))
	for i, item := range items {
		all[i] = canonical(item)
	}
	return all
}

func quote(value interface{}) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(text.String())
}

// parsed reads JSON without losing digits.
func parsed(text []byte) (interface{}, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value interface{}
	err := decoder.Decode(&value)
	return value, err
}
