package wit_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/wit"
)

func TestBeside(t *testing.T) {
	all := files(`// file: all/main/a.wit
package x:main@1.0.0;
interface j { use x:one/i@1.0.0.{t}; f: func() -> t; }
// file: all/first/one.wit
package x:one@1.0.0;
interface i { use x:two/i@2.0.0.{t}; }
// file: all/other/part.wit
interface more { }
// file: all/other/two.wit
package x:two@2.0.0;
interface i { type t = u8; }
// file: all/broken/three.wit
package x:three@1.0.0;
interface {
// file: all/.hidden/two.wit
package x:two@2.0.0;
interface i { type wrong = u8; }
// file: all/loose/a.wit
package x:loose;
interface i { use x:plain/i.{t}; }
// file: all/plain/a.wit
package x:plain;
interface i { type t = u8; }
// file: all/gone/a.wit
package x:gone@1.0.0;
interface i { use x:two/i@2.0.1.{t}; }
`)
	load := func(p string, beside bool) (*wit.Model, string) {
		o := wit.Options{}
		if beside {
			o.Beside, _ = fs.Sub(all, "all")
		}
		m, list := wit.Load(all, p, o)
		return m, list.Error()
	}
	m, msg := load("all/main", true)
	if m == nil || len(m.Packages) != 3 {
		t.Fatalf("packages are missing: %s", msg)
	}
	for _, c := range []struct {
		path   string
		beside bool
		want   string
	}{
		{"all/main", false, "package 'x:one@1.0.0' not found"},
		{"all/gone", true, "package 'x:two@2.0.1' not found"},
		// Without a version, any package of that name would match.
		{"all/loose", true, "package 'x:plain' not found"},
	} {
		if m, msg := load(c.path, c.beside); m != nil || !strings.Contains(msg, c.want) {
			t.Errorf("%s: want %q, got %q", c.path, c.want, msg)
		}
	}
	// The sources are named relative to the package's folder.
	inside, _ := fs.Sub(all, "all/main")
	around, _ := fs.Sub(all, "all")
	m, list := wit.Load(inside, ".", wit.Options{Beside: around})
	if m == nil {
		t.Fatal(list)
	}
	for _, p := range m.Packages {
		if want := map[string]string{"main": "b.wit", "one": "../first/one.wit", "two": "../other/two.wit"}[p.Name.Name]; p.Span.File.Name != want && p.Name.Name != "main" {
			t.Errorf("%s is in %s, want %s", p.Name, p.Span.File.Name, want)
		}
	}
}
