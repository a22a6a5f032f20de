package wit_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/wit"
)

// TestFoldersHoldRegularFiles checks that files other than regular ones are refused without being
// read.
func TestFoldersHoldRegularFiles(t *testing.T) {
	const leads = ": it is a link that leads out of the folder of the package"
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	link := func(to string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(to), Mode: fs.ModeSymlink} }
	for _, c := range []struct {
		name string
		add  fstest.MapFS
		want string
	}{
		{"a pipe", fstest.MapFS{"p/b.wit": {Mode: fs.ModeNamedPipe}}, "cannot read `dir/p/b.wit`: it is not a regular file"},
		{"a device", fstest.MapFS{"p/b.wit": {Mode: fs.ModeDevice}}, "cannot read `dir/p/b.wit`: it is not a regular file"},
		{"a link to a device", fstest.MapFS{"p/b.wit": link("../zero"), "zero": {Mode: fs.ModeDevice}}, "cannot read `dir/p/b.wit`: it is not a regular file"},
		{"a pipe in deps", fstest.MapFS{"p/deps/b.wasm": {Mode: fs.ModeNamedPipe}}, "cannot read `dir/p/deps/b.wasm`: it is not a regular file"},
		{"a link out", fstest.MapFS{"p/b.wit": link("../secret"), "secret": file("password")}, "cannot read `dir/p/b.wit`" + leads},
		{"a link out in deps", fstest.MapFS{"p/deps/b.wit": link("../../secret"), "secret": file("password")}, "cannot read `dir/p/deps/b.wit`" + leads},
		{"a link out by way of a folder", fstest.MapFS{"p/b.wit": link("x/secret"), "p/x": link("../out"), "out/secret": file("password")},
			"cannot read `dir/p/b.wit`" + leads},
		{"a link that leads nowhere", fstest.MapFS{"p/b.wit": link("nothing")}, "cannot read `dir/p/b.wit`: no such file or folder"},
		{"a link to a file of the folder", fstest.MapFS{"p/b.wit": link("sub/../sub/b"), "p/sub/b": file("interface j {}")}, ""},
		{"a link in a folder of deps", fstest.MapFS{"p/deps/c/c.wit": link("./d"), "p/deps/c/d": file("package c:d;")}, ""},
		{"a linked folder of deps", fstest.MapFS{"p/deps/c": link("../../c"), "c/c.wit": file("package c:d;")}, ""},
		{"files that are not WIT", fstest.MapFS{"p/pipe": {Mode: fs.ModeNamedPipe}, "p/deps/pipe": {Mode: fs.ModeNamedPipe}, "p/link": link("/etc/passwd")}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := fstest.MapFS{"p/a.wit": file("package a:b;\ninterface i {}")}
			for p, f := range c.add {
				fsys[p] = f
			}
			_, list := wit.Load(fsys, "p", wit.Options{Name: func(p string) string { return "dir/" + p }})
			if d := cmp.Diff(c.want, list.Error()); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

// TestLinksWithoutEnd checks the limit of the number of links on the way to a file.
func TestLinksWithoutEnd(t *testing.T) {
	for n, want := range map[int]string{40: "", 41: "there are too many links on the way to it"} {
		fsys := fstest.MapFS{"a.wit": {Data: []byte("package a:b;")}, "end": {Data: []byte("interface i {}")}}
		for i := range n {
			to, from := "l"+strings.Repeat("x", i+1), "l"+strings.Repeat("x", i)
			if i == 0 {
				from = "b.wit"
			}
			if i == n-1 {
				to = "end"
			}
			fsys[from] = &fstest.MapFile{Data: []byte(to), Mode: fs.ModeSymlink}
		}
		_, list := wit.Load(statFS{fsys}, ".", wit.Options{})
		if got := list.Error(); want == "" && got != "" || !strings.HasSuffix(got, want) {
			t.Errorf("%d links: want %q, got %q", n, want, got)
		}
	}
}

// statFS follows any number of links, unlike an operating system.
type statFS struct{ fstest.MapFS }

func (f statFS) Stat(name string) (fs.FileInfo, error) { return f.MapFS.Lstat(f.end(name)) }
func (f statFS) ReadFile(name string) ([]byte, error)  { return f.MapFS[f.end(name)].Data, nil }

func (f statFS) end(name string) string {
	for f.MapFS[name] != nil && f.MapFS[name].Mode&fs.ModeSymlink != 0 {
		name = string(f.MapFS[name].Data)
	}
	return name
}
