package binary_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// labels returns n labels, separated by commas.
func labels(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint("n", i)
	}
	return strings.Join(list, ", ")
}

// Packages and worlds that no component can have are refused, with the place of the error.
func TestEncodeRefusesWhatIsInvalid(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"flags", "package a:b;\ninterface i { flags f { " + labels(33) + " } }\nworld w { import i; }",
			"test.wit:2:21: cannot have more than 32 flags"},
		{"two errors, in order", "package a:b;\ninterface i { f: func(a: list<u8, 0>); record r {} }\nworld w { export i; }",
			"test.wit:2:26: fixed-length lists must have more than zero elements\ntest.wit:2:47: record type must have at least one field"},
		{"too large", "package a:b;\ninterface i { f: func(a: list<list<u64, 65536>, 65536>); }\nworld w { export i; }",
			"test.wit:2:26: the type is too large: a value takes more than 268435455 bytes"},
		{"too many parts", "package a:b;\ninterface i { type t = tuple<" + strings.Repeat("u8, ", 100_000) + ">; f: func(a: t); }\nworld w { export i; }",
			"test.wit:2:20: type `t` is too large: it has more than 100000 parts"},
		{"in a package that is used", "package a:b;\npackage c:d { interface j { record r {} } }\ninterface i { use c:d/j.{r}; }\nworld w { export i; }",
			"test.wit:2:36: record type must have at least one field"},
		{"in a part that is not used", "package a:b;\npackage c:d { interface j { type t = u8; f: func(a: tuple<>); } }\ninterface i { use c:d/j.{t}; }\nworld w { import f: func(); }", ""},
		{"flags at the limit", "package a:b;\ninterface i { flags f { " + labels(32) + " } }\nworld w { import i; }", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := parse(t, c.text)
			check := func(made *encoding.Component, err error) {
				got := ""
				if err != nil {
					got = diag.FromError(err).Error()
				}
				if d := cmp.Diff(c.want, got); d != "" {
					t.Errorf("(-want +got)\n%s", d)
				}
				if err == nil {
					valid(t, made)
				}
			}
			check(binary.EncodePackage(m, nil, binary.PackageOptions{}))
			check(binary.EncodeWorld(m, m.Main.Worlds[0], binary.WorldOptions{}))
		})
	}
}

func valid(t *testing.T, c *encoding.Component) {
	t.Helper()
	if _, err := validate.Component(diag.NewBinary("made.wasm", nil), c, validate.Options{Features: feature.All()}); err != nil {
		t.Error(err)
	}
}

// useChain returns a package of n interfaces, each of which uses the type of the one before it.
func useChain(n int) string {
	var b strings.Builder
	b.WriteString("package a:b;\ninterface i0 { type t = u8; }\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "interface i%d { use i%d.{t}; }\n", i, i-1)
	}
	return b.String()
}

const tooLarge = "test.wit:1:9: package `a:b` is too large for a binary: its types have more than 1000000 parts"

// The binary form repeats the types that an interface uses, so long chains are refused before they
// are written.
func TestEncodeRefusesLongChains(t *testing.T) {
	c, err := binary.EncodePackage(parse(t, useChain(300)), nil, binary.PackageOptions{})
	if err != nil {
		t.Fatal(err)
	}
	valid(t, c)
	for _, n := range []int{999, 20_000} {
		_, err := binary.EncodePackage(parse(t, useChain(n)), nil, binary.PackageOptions{})
		if err == nil || diag.FromError(err).Error() != tooLarge {
			t.Errorf("%d interfaces: want %s, got %v", n, tooLarge, err)
		}
	}
}

// A package may be as large as validators allow, and no larger.
func TestEncodeUpToTheLimit(t *testing.T) {
	pack := func(rest int) *wit.Model {
		var b strings.Builder
		fmt.Fprintf(&b, "package a:b;\ninterface rest { type t = tuple<%s>; }\n", strings.Repeat("u8, ", rest))
		fmt.Fprintf(&b, "interface base { type t = tuple<%s>; }\n", strings.Repeat("u8, ", 90_000))
		for i := range 5 {
			fmt.Fprintf(&b, "interface i%d { use base.{t}; }\n", i)
		}
		return parse(t, b.String())
	}
	c, err := binary.EncodePackage(pack(9961), nil, binary.PackageOptions{})
	if err != nil {
		t.Fatal(err)
	}
	valid(t, c)
	if _, err := binary.EncodePackage(pack(9962), nil, binary.PackageOptions{}); err == nil || diag.FromError(err).Error() != tooLarge {
		t.Errorf("one more: want %s, got %v", tooLarge, err)
	}
}

// A world can be too large even if none of its types is.
func TestEncodeRefusesLargeWorlds(t *testing.T) {
	text := "package a:b;\ninterface i { type t = tuple<" + strings.Repeat("u8, ", 90_000) + ">; "
	for i := range 11 {
		text += fmt.Sprintf("f%d: func() -> t; ", i)
	}
	m := parse(t, text+"}\nworld w { import i; }\nworld small {}")
	if _, err := binary.EncodeWorld(m, m.Main.World("w"), binary.WorldOptions{}); err == nil || diag.FromError(err)[0].Code != wit.CodeTooLarge {
		t.Errorf("got %v", err)
	}
	c, err := binary.EncodeWorld(m, m.Main.World("small"), binary.WorldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	valid(t, c)
}

// A type that is too large does not affect a world that does not use it.
func TestEmbedNeighbourOfLargeType(t *testing.T) {
	m := parse(t, "package a:b;\ninterface i { type t = tuple<"+strings.Repeat("u8, ", 100_000)+">; }\nworld w { export f: func(); }")
	c, err := binary.EncodeWorld(m, m.Main.World("w"), binary.WorldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	valid(t, c)
}
