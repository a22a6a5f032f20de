package lsp

import (
	"path"
	"strings"

	"go.lsp.dev/uri"
)

// pathOf returns the path of a file: with slashes and starting with one, `/home/a/b.wit`, on Windows `/c:/a/b.wit`, with a host
// `//server/share/b.wit`. It reports false for what is no file, such as a text that was never saved.
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

// uriOf is the reverse of pathOf.
func uriOf(p string) uri.URI {
	c := uri.Components{Scheme: "file", Path: p}
	if rest, ok := strings.CutPrefix(p, "//"); ok {
		host, tail, _ := strings.Cut(rest, "/")
		c.Authority, c.Path = host, "/"+tail
	}
	u, err := uri.From(c)
	if err != nil {
		// Paths are made by pathOf, so they have the form that From wants.
		return uri.URI("file://" + p)
	}
	return u
}

// join joins the path of a folder and one below it. It keeps the two slashes before a host.
func join(dir, name string) string {
	if strings.HasPrefix(dir, "//") {
		return "/" + path.Join(dir, name)
	}
	return path.Join(dir, name)
}

// below returns the path of p seen from the folder dir.
func below(dir, p string) (string, bool) {
	if dir == "/" {
		return strings.TrimPrefix(p, "/"), true
	}
	return strings.CutPrefix(p, dir+"/")
}

// parent is path.Dir that keeps the two slashes before a host.
func parent(p string) string {
	d := path.Dir(p)
	if strings.HasPrefix(p, "//") && !strings.HasPrefix(d, "//") {
		d = "/" + d
	}
	return d
}
