package lsp

import (
	"path"
	"strings"

	"go.lsp.dev/uri"
)

// pathOf returns the path of a file with slashes, starting with a slash: `/home/a/b.wit`,
// `/c:/a/b.wit` on Windows, and `//server/share/b.wit` with a host. It reports false for a URI that
// is not a file, such as that of a text that was never saved.
func pathOf(u uri.URI) (string, bool) {
	c := u.Components()
	if c.Scheme != "file" || !strings.HasPrefix(c.Path, "/") {
		return "", false
	}
	p := path.Clean(c.Path)
	if c.Authority != "" {
		p = "//" + c.Authority + p
	}
	return p, true
}

// uriOf is the inverse of pathOf.
func uriOf(p string) uri.URI {
	c := uri.Components{Scheme: "file", Path: p}
	if rest, ok := strings.CutPrefix(p, "//"); ok {
		host, tail, _ := strings.Cut(rest, "/")
		c.Authority, c.Path = host, "/"+tail
	}
	u, err := uri.From(c)
	if err != nil {
		// The paths come from pathOf, so they have the form that From requires.
		return uri.URI("file://" + p)
	}
	return u
}

// join joins the path of a folder and a path in it. It keeps the two slashes before a host.
func join(dir, name string) string {
	if strings.HasPrefix(dir, "//") {
		return "/" + path.Join(dir, name)
	}
	return path.Join(dir, name)
}

// below returns the path of p relative to the folder dir. It reports false if p is not in dir.
func below(dir, p string) (string, bool) {
	if dir == "/" {
		return strings.TrimPrefix(p, "/"), true
	}
	return strings.CutPrefix(p, dir+"/")
}

// parent is like path.Dir but keeps the two slashes before a host.
func parent(p string) string {
	d := path.Dir(p)
	if strings.HasPrefix(p, "//") && !strings.HasPrefix(d, "//") {
		d = "/" + d
	}
	return d
}
