package binary_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// packages are printed as they are written. Packages in braces are other packages.
var packages = []struct{ name, text string }{
	{"types", `package a:b;

interface i {
  record r {
    a: u8,
    b: list<option<string>>,
  }

  variant v {
    none,
    some(r),
  }

  flags f {
    x,
    y,
  }

  enum e {
    one,
    two,
  }

  type alias = r;

  type t = tuple<e, f>;

  type small = u8;

  type m = map<string, v>;

  type res = result<list<u8>, e>;

  type futures = future<stream<u8>>;

  do: async func(a: alias, b: small, c: list<u8>) -> result<_, string>;
}

`},
	{"resources", `package a:b@1.2.3;

interface i {
  resource r {
    constructor(a: u8);
    get: func(others: list<borrow<r>>);
    of: static func() -> option<r>;
  }

  resource s;

  take: func(a: r, b: borrow<s>);
}

interface j {
  use i.{r as resource-of-i};

  type mine = resource-of-i;

  give: func() -> tuple<resource-of-i, own<mine>>;
}

`},
	{"docs", `/// The package.
///
/// It is "quoted" and has a \ and a tab	and é.
package a:b@0.2.0;

/// An interface.
@since(version = 0.1.0)
interface i {
  /// A record.
  @since(version = 0.1.0)
  record r {
    /// A field.
    a: u8,
    b: u8,
  }

  /// A resource.
  @unstable(feature = fast)
  resource q {
    /// A method.
    @since(version = 0.1.0)
    @deprecated(version = 0.1.1)
    go: func();
  }

  /// A function.
  do: func();
}

/// A world.
@unstable(feature = fast)
@deprecated(version = 0.2.0)
world w {
  /// A statement.
  @since(version = 0.1.0)
  import i;
  /// A type.
  type t = u8;

  /// An import.
  import f: func(a: t);
  /// Inside.
  @since(version = 0.1.0)
  @deprecated(version = 0.2.0)
  import inside: interface {
    /// Its function.
    g: func();
  }

  /// Another statement.
  export i;
  /// An export.
  export f: func();
  @unstable(feature = fast)
  export inside: interface {
    /// Another function.
    g: func();
  }
}
`},
	{"labels", `package a:b;

interface store {
  resource bucket;

  open: func() -> bucket;
}

interface user {
  use store.{bucket};

  put: func(b: borrow<bucket>);
}

world w {
  import hot: store;
  import cold: store;
  import store;
  import user;

  export store;
  export user;
  export backup: store;
}
`},
	{"external", `package a:b;

interface i {
  @external-id("the-record")
  record r {
    a: u8,
  }

  @external-id("the function")
  do: func();
}

`},
}

func parse(tb testing.TB, text string) *wit.Model {
	tb.Helper()
	m, list := wit.Parse(diag.NewFile("test.wit", []byte(text)), wit.Options{AllFeatures: true})
	if list.HasErrors() {
		tb.Fatal(list)
	}
	return m
}

func encode(tb testing.TB, m *wit.Model, p *wit.Package, o binary.PackageOptions) []byte {
	tb.Helper()
	c, err := binary.EncodePackage(m, p, o)
	if err != nil {
		tb.Fatal(err)
	}
	return c.Append(nil)
}

func decode(tb testing.TB, data []byte) *wit.Model {
	tb.Helper()
	m, err := binary.DecodePackage(diag.NewFile("test.wasm", data))
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func TestRoundTrip(t *testing.T) {
	for _, c := range packages {
		t.Run(c.name, func(t *testing.T) {
			m := parse(t, c.text)
			want := wit.Print(m, m.Main, wit.PrintOptions{})
			back := decode(t, encode(t, m, nil, binary.PackageOptions{}))
			if d := cmp.Diff(want, wit.Print(back, back.Main, wit.PrintOptions{})); d != "" {
				t.Errorf("(-before +after)\n%s", d)
			}
			if changes := wit.Diff(m.Main, back.Main).Changes; len(changes) != 0 {
				t.Errorf("the binary differs from the text: %v", changes)
			}
			if back.Main.Name != m.Main.Name {
				t.Errorf("package %s became %s", m.Main.Name, back.Main.Name)
			}
			parse(t, want)
		})
	}
}

const withDependency = `package a:b;

package c:d@1.0.0 {
  /// Docs of the dependency.
  @since(version = 1.0.0)
  interface types {
    /// Docs of the type.
    type t = u8;
    /// Not used, and so not there.
    f: func();
  }
  interface unused {}
}

interface i {
  use c:d/types@1.0.0.{t};
}
`

func TestDependencyDocs(t *testing.T) {
	m := parse(t, withDependency)
	for _, with := range []bool{false, true} {
		back := decode(t, encode(t, m, nil, binary.PackageOptions{DependencyDocs: with}))
		if len(back.Packages) != 2 || back.Packages[1] != back.Main {
			t.Fatalf("packages: %v", back.Packages)
		}
		dep := back.Packages[0]
		if len(dep.Interfaces) != 1 || len(dep.Interfaces[0].Types) != 1 || len(dep.Interfaces[0].Funcs) != 0 {
			t.Fatalf("the dependency has unused items: %s", wit.Print(back, dep, wit.PrintOptions{}))
		}
		i := dep.Interfaces[0]
		if i.Docs.Given != with || i.Type("t").Docs.Given != with || i.Stability.IsZero() == with {
			t.Errorf("dependency docs %v, but: %s", with, wit.Print(back, dep, wit.PrintOptions{}))
		}
	}
}

// An export uses the exported resource of another interface, not the imported one.
func TestExportsUseExports(t *testing.T) {
	m := parse(t, packages[3].text)
	c, err := binary.EncodePackage(m, nil, binary.PackageOptions{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := wat.Print(nil, c, wat.PrintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, exports, _ := strings.Cut(string(text), `(export (;4;) "a:b/store"`)
	if !strings.Contains(exports, `(alias export 4 "bucket"`) {
		t.Errorf("the exported user does not use the exported store:\n%s", text)
	}
}

func assembled(tb testing.TB, text string) *diag.File {
	tb.Helper()
	u, err := wat.Parse(diag.NewFile("test.wat", []byte(text)))
	if err != nil {
		tb.Fatal(err)
	}
	return diag.NewBinary("test.wasm", u.Append(nil))
}

func TestOlderForm(t *testing.T) {
	m, err := binary.DecodePackage(assembled(t, `(component
  (type (component
    (import "c:d/types" (instance $t (export "t" (type (sub resource)))))
    (alias export $t "t" (type $r))
    (export "a:b/i" (instance
      (alias outer 1 $r (type $r))
      (export "u" (type $u (eq $r)))
      (type $b (borrow $u))
      (export "f" (func (param "a" $b)))))
    (export "a:b/w" (component
      (import "a:b/i" (instance))
      (export "run" (func))))))
  (export "a:b/wit" (type 0))
  (@custom "package-docs" "\00{\22interfaces\22:{\22i\22:{\22funcs\22:{\22f\22:\22Old.\22}}}}"))`))
	if err != nil {
		t.Fatal(err)
	}
	want := `package a:b;

interface i {
  use c:d/types.{t as u};

  /// Old.
  f: func(a: borrow<u>);
}

world w {
  import i;

  export run: func();
}
`
	if d := cmp.Diff(want, wit.Print(m, m.Main, wit.PrintOptions{})); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// moduleWith returns a core module with one custom section.
func moduleWith(name string, data []byte) []byte {
	body := append([]byte{byte(len(name))}, name...)
	body = append(body, data...)
	out := append([]byte("\x00asm\x01\x00\x00\x00\x00"), byte(len(body)&0x7f|0x80), byte(len(body)>>7&0x7f|0x80), byte(len(body)>>14))
	return append(out, body...)
}

func TestModule(t *testing.T) {
	m := parse(t, "package a:b;\nworld w { import f: func(); export g: func() -> string; }")
	c, err := binary.EncodeWorld(m, m.Main.Worlds[0], binary.WorldOptions{Strings: abi.UTF16})
	if err != nil {
		t.Fatal(err)
	}
	data := c.Append(nil)
	back, err := binary.DecodeWIT(diag.NewFile("m.wasm", moduleWith("component-type:w", data)))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(wit.Print(m, m.Main, wit.PrintOptions{}), wit.Print(back, back.Main, wit.PrintOptions{})); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// A component exports an instance that it imports.
func TestSameInstanceTwice(t *testing.T) {
	m, err := binary.DecodeWIT(assembled(t, `(component
  (import "a:b/i" (instance $i
    (export "t" (type $t (sub resource)))
    (type $o (own $t))
    (export "make" (func (result $o)))))
  (export "c:d/j" (instance $i)))`))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range m.Packages {
		b.WriteString(wit.Print(m, p, wit.PrintOptions{}))
	}
	if !strings.Contains(b.String(), "use a:b/i.{t};") {
		t.Errorf("the second interface does not use the type of the first:\n%s", b.String())
	}
}

// An interface that occurs twice has the same types in both places.
func TestSameInterfaceOtherType(t *testing.T) {
	for _, c := range []struct{ name, one, other, want string }{
		{"primitive types", "u8", "u16", "expected u8, found u16"},
		{"a primitive type and a list", "u8", "(list u8)", "expected u8, found list"},
		{"lists of other lengths", "(list u8 4)", "(list u8 8)", "expected list 4, found list 8"},
		{"labels", `(flags "a" "b")`, `(flags "a" "c")`, "expected flags a b, found flags a c"},
		{"elements", `(tuple u8 (list u8))`, `(tuple u8 (list u8) u8)`, "expected tuple with the same parts"},
		{"parts that are left out", `(result u8)`, `(result (error u8))`, "expected result with the same parts"},
		{"nothing", `(variant (case "a" u8) (case "b"))`, `(variant (case "a" u8) (case "b"))`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := binary.DecodeWIT(assembled(t, `(component
  (import "a:b/i" (instance (type $t `+c.one+`) (export "t" (type (eq $t)))))
  (import "c:d/j" (instance $j (type $t `+c.other+`) (export "t" (type (eq $t)))))
  (export "a:b/i" (instance $j)))`))
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("want %q, got %v", c.want, err)
			}
		})
	}
}

func TestCodes(t *testing.T) {
	i := -1
	golden.Codes(t, binary.Codes, func(example string) error {
		// Some examples occur in several rows, which are in order.
		for i++; binary.Codes[i].Example != example; i++ {
		}
		var err error
		switch f := assembled(t, example); binary.Codes[i].Code {
		case binary.CodeNotPackage:
			_, err = binary.DecodePackage(f)
		case binary.CodeNotModule:
			m := parse(t, "package a:b; world w {}")
			_, err = binary.Embed(f, m, m.Main.World("w"), binary.WorldOptions{})
		default:
			_, err = binary.DecodeWIT(f)
		}
		return err
	})
}

func TestDocsThatDoNotFit(t *testing.T) {
	for _, docs := range []string{
		``, `\01`, `\01[]`, `\01{}{}`, `\01{\22other\22:1}`, `\01{\22worlds\22:{\22w\22:{}}}`, `\01{\22interfaces\22:{\22i\22:null}}`,
		`\01{\22interfaces\22:{\22i\22:{\22types\22:{\22t\22:{}}}}}`, `\01{\22interfaces\22:{\22i\22:{\22funcs\22:{\22f\22:{}}}}}`,
		`\01{\22interfaces\22:{\22i\22:{\22stability\22:{\22stable\22:{\22since\22:\22one\22}}}}}`,
		`\01{\22interfaces\22:{\22i\22:{\22stability\22:{}}}}`,
	} {
		_, err := binary.DecodePackage(assembled(t, `(component
  (type (component (export "a:b/i" (instance))))
  (export "i" (type 0))
  (@custom "package-docs" "`+docs+`"))`))
		var d *diag.Diagnostic
		if !errors.As(err, &d) || d.Code != binary.CodeBadDocs {
			t.Errorf("%s: %v", docs, err)
		}
	}
}

// Everything that can be decoded can be printed and encoded.
func FuzzDecodeWIT(f *testing.F) {
	for _, c := range packages {
		f.Add(encode(f, parse(f, c.text), nil, binary.PackageOptions{DependencyDocs: true}))
	}
	f.Add(encode(f, parse(f, withDependency), nil, binary.PackageOptions{DependencyDocs: true}))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := binary.DecodeWIT(diag.NewBinary("fuzz.wasm", data))
		if err != nil {
			return
		}
		for _, p := range m.Packages {
			wit.Print(m, p, wit.PrintOptions{})
			c, err := binary.EncodePackage(m, p, binary.PackageOptions{})
			if err != nil {
				continue // such as a world of a component that lacks an item that it needs
			}
			if _, err := encoding.Decode(diag.NewBinary("again.wasm", c.Append(nil))); err != nil {
				t.Error(err)
			}
		}
	})
}
