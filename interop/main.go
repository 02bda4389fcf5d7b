// Command interop is the Go side of csqlstore's tests: the real encoding/gob and the real gorilla packages, as Debian
// ships them. It reads requests from its standard input, one JSON object a line, and answers each with one.
//
//	interop check     reads sessions that csqlstore wrote, and says of each whether a Go program sees what it should
//	interop accepts   reads gobs and signed values that may be damaged, and says what Go makes of them
//	interop types     says what the types are that both sides know
//	interop anew      reads what a type wrote of itself, and shows the value as accepts does
//	interop samples   writes the sessions that both sides are timed on
//	interop live      loads and saves sessions in a database until its standard input ends
//	interop load      gets and saves sessions in a database as fast as it can, for some seconds
//	interop cookies   says what net/http makes of cookies, written and read
//	interop serve     is a web service with sessions in a database, until its standard input ends
//	interop bench     reads these sessions, and says how long Go takes for them
//
// `cargo xtask test` builds it and runs it from the tests in tests/interop; some in tests/it have it at work, live and serve.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

func main() {
	// Each answer goes out at once: the next request may be the one that Go does not survive.
	if err := run(os.Args[1:], bufio.NewReader(os.Stdin), json.NewEncoder(os.Stdout)); err != nil {
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(1)
	}
}

func run(args []string, in *bufio.Reader, out *json.Encoder) error {
	out.SetEscapeHTML(false)
	if len(args) != 1 {
		return fmt.Errorf("one of check, accepts, types, anew, samples, cookies, live, load, serve, bench is needed")
	}
	switch args[0] {
	case "check":
		return each(in, out, check)
	case "accepts":
		return each(in, out, accepts)
	case "types":
		return describe(out)
	case "anew":
		return each(in, out, anew)
	case "samples":
		return samples(out)
	case "cookies":
		return cookies(out)
	case "live":
		return live(in, out)
	case "load":
		return load(in, out)
	case "serve":
		return serve(in, out)
	case "bench":
		return each(in, out, bench)
	}
	return fmt.Errorf("there is no %q", args[0])
}

// each answers every request, one line each.
func each[Request, Answer any](in *bufio.Reader, out *json.Encoder, answer func(Request) (Answer, error)) error {
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			var request Request
			if err := json.Unmarshal(line, &request); err != nil {
				return fmt.Errorf("a line is no request: %w", err)
			}
			it, err := answer(request)
			if err != nil {
				return err
			}
			if err := out.Encode(it); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
