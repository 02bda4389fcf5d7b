package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"sort"
	"testing"
	"time"

	"github.com/gorilla/securecookie"
)

// sample is a session, or an id alone, that both sides are timed on.
type sample struct {
	Case string `json:"case"`
	Name string `json:"name"`
	keyPair
	Cookie string `json:"cookie,omitempty"`
	Data   string `json:"data,omitempty"`
}

type timing struct {
	Case   string  `json:"case"`
	Op     string  `json:"op"`
	Ns     float64 `json:"ns"`
	Allocs int64   `json:"allocs"`
	Bytes  int64   `json:"bytes"`
}

func eightValues() map[interface{}]interface{} {
	return map[interface{}]interface{}{
		"user":    "ada@example.org",
		"name":    "Ada Lovelace",
		"theme":   "dark",
		"user_id": int64(1234567890123),
		"admin":   true,
		"csrf":    []byte("0123456789abcdef0123456789abcdef"),
		"login":   time.Date(2026, 11, 22, 9, 30, 0, 123456789, time.UTC),
		"_flash":  []interface{}{"Saved.", "One item is out of stock."},
	}
}

func hundredValues() map[interface{}]interface{} {
	values := map[interface{}]interface{}{}
	for i := 0; i < 100; i++ {
		key := fmt.Sprintf("key-%03d", i)
		switch i % 5 {
		case 0:
			values[key] = fmt.Sprintf("the value of %s, a line of text", key)
		case 1:
			values[key] = int64(i) << (i % 60)
		case 2:
			values[key] = i%2 == 0
		case 3:
			values[key] = []byte(key)
		case 4:
			values[key] = time.Unix(1_700_000_000+int64(i), int64(i)).UTC()
		}
	}
	return values
}

func samples(out *json.Encoder) error {
	hash := []byte("benchmarks-need-no-secret-to-be-kept")[:32]
	block := []byte("an AES-256 key, as public as it.")
	for _, it := range []struct {
		sample
		values interface{}
	}{
		{sample{Case: "session of 8 values, signed", keyPair: keyPair{HashKey: hash}}, eightValues()},
		{sample{Case: "session of 8 values, encrypted", keyPair: keyPair{hash, block}}, eightValues()},
		{sample{Case: "session of 100 values, signed", keyPair: keyPair{HashKey: hash}}, hundredValues()},
		{sample{Case: "id, signed", keyPair: keyPair{HashKey: hash}}, "2026-11-22T09:30:00.123456789Z54321"},
	} {
		it.Name = "session-key"
		text, err := securecookie.EncodeMulti(it.Name, it.values, codecs([][]byte{it.HashKey, it.BlockKey})...)
		if err != nil {
			return err
		}
		if _, isID := it.values.(string); isID {
			it.Cookie = text
		} else {
			it.Data = text
		}
		if err := out.Encode(it.sample); err != nil {
			return err
		}
	}
	return nil
}

func init() {
	testing.Init()
	if err := flag.Set("test.benchtime", "50ms"); err != nil {
		panic(err)
	}
}

// bench times a sample both ways. What is decoded into is made anew each time, as a program has to.
func bench(s sample) ([]timing, error) {
	codecs := codecs([][]byte{s.HashKey, s.BlockKey})
	var failed error
	var decode, encode func() error
	if s.Data != "" {
		values := map[interface{}]interface{}{}
		failed = securecookie.DecodeMulti(s.Name, s.Data, &values, codecs...)
		decode = func() error {
			values := map[interface{}]interface{}{}
			return securecookie.DecodeMulti(s.Name, s.Data, &values, codecs...)
		}
		encode = func() error {
			_, err := securecookie.EncodeMulti(s.Name, values, codecs...)
			return err
		}
	} else {
		var id string
		failed = securecookie.DecodeMulti(s.Name, s.Cookie, &id, codecs...)
		decode = func() error {
			var id string
			return securecookie.DecodeMulti(s.Name, s.Cookie, &id, codecs...)
		}
		encode = func() error {
			_, err := securecookie.EncodeMulti(s.Name, id, codecs...)
			return err
		}
	}
	if failed != nil {
		return nil, fmt.Errorf("%s does not decode: %w", s.Case, failed)
	}
	return []timing{measure(s.Case, "decode", decode), measure(s.Case, "encode", encode)}, nil
}

// measure takes the fastest of many short runs, each with its share of garbage collection: what else the machine does can
// only make a run slower.
func measure(name, op string, work func() error) timing {
	runs := make([]timing, 60)
	for i := range runs {
		result := testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; i < b.N; i++ {
				if err := work(); err != nil {
					b.Fatal(err)
				}
			}
		})
		ns := float64(result.T.Nanoseconds()) / float64(result.N)
		runs[i] = timing{name, op, ns, result.AllocsPerOp(), result.AllocedBytesPerOp()}
	}
	sort.Slice(runs, func(i, j int) bool { return runs[i].Ns < runs[j].Ns })
	return runs[0]
}
