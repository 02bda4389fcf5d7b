package main

import (
	"encoding/gob"
	"math/big"
	"net/url"
	"reflect"
	"time"
)

// The types of tests/testdata/sessions.jsonl, as the program that wrote it had them.

type FlashMessage struct {
	Type    int
	Message string
}

type Base struct{ ID uint }

type Address struct {
	Street string
	City   string
	Geo    [2]float64
}

type User struct {
	Base
	Name    string
	Email   string
	Roles   []string
	Attrs   map[string]interface{}
	Addr    Address
	Home    *Address
	Seen    time.Time
	Avatar  []byte
	Scores  map[string]float32
	Any     interface{}
	Balance complex128
	Active  bool
}

type Tree struct {
	Label string
	Left  *Tree
	Right *Tree
	Kids  []*Tree
}

type (
	Empty  struct{ A int }
	Point  struct{ X, Y int }
	Matrix [2][3]int
	Flags  map[string]bool
	Role   string
	UserID int64
	// Tagged is no key of a map.
	Tagged struct {
		Name string
		Tags []string
	}
)

// known holds, for each name that Go's gob may meet in an interface, the type assertion that a program would make.
var known = map[string]func(interface{}) bool{}

// registered holds the type of each of these names.
var registered = map[string]reflect.Type{}

// register makes a name known to gob and to the checks.
func register[T any](name string) {
	var zero T
	gob.RegisterName(name, zero)
	registered[name] = reflect.TypeOf(&zero).Elem()
	known[name] = func(value interface{}) bool {
		_, ok := value.(T)
		return ok
	}
}

func init() {
	register[bool]("bool")
	register[int]("int")
	register[int8]("int8")
	register[int16]("int16")
	register[int32]("int32")
	register[int64]("int64")
	register[uint]("uint")
	register[uint8]("uint8")
	register[uint16]("uint16")
	register[uint32]("uint32")
	register[uint64]("uint64")
	register[float32]("float32")
	register[float64]("float64")
	register[complex64]("complex64")
	register[complex128]("complex128")
	register[string]("string")
	register[[]byte]("[]uint8")
	register[[]bool]("[]bool")
	register[[]int]("[]int")
	register[[]int64]("[]int64")
	register[[]int16]("[]int16")
	register[[]uint16]("[]uint16")
	register[[]float64]("[]float64")
	register[[]complex64]("[]complex64")
	register[[]string]("[]string")
	register[[]interface{}]("[]interface {}")
	register[[][]byte]("[][]uint8")
	register[[][]string]("[][]string")
	register[[]time.Time]("[]time.Time")
	register[[]map[string]int]("[]map[string]int")
	register[[]*Address]("[]*main.Address")
	register[[]Point]("[]main.Point")
	register[[2]string]("[2]string")
	register[[3]int]("[3]int")
	register[[3]uint16]("[3]uint16")
	register[[][2]float32]("[][2]float32")
	register[[1][]string]("[1][]string")
	register[map[interface{}]interface{}]("map[interface {}]interface {}")
	register[map[string]interface{}]("map[string]interface {}")
	register[map[string]string]("map[string]string")
	register[map[string]int]("map[string]int")
	register[map[string]int16]("map[string]int16")
	register[map[uint16]bool]("map[uint16]bool")
	register[map[int]string]("map[int]string")
	register[map[string]Point]("map[string]main.Point")
	register[map[Point]string]("map[main.Point]string")
	register[map[Role]int]("map[main.Role]int")
	register[time.Time]("time.Time")
	register[time.Duration]("time.Duration")
	register[*big.Int]("*big.Int")
	register[*url.URL]("*url.URL")
	register[FlashMessage]("main.FlashMessage")
	register[User]("main.User")
	register[*Tree]("*main.Tree")
	register[Empty]("main.Empty")
	register[Point]("main.Point")
	register[Matrix]("main.Matrix")
	register[Flags]("main.Flags")
	register[Role]("main.Role")
	register[UserID]("main.UserID")
	register[Address]("acct.v2/Address")
	register[Tagged]("main.Tagged")
}
