// Package doc writes reference documentation of WIT packages: [Markdown] and [MarkdownFiles] as
// Markdown, [HTML] as one self-contained page.
//
// # Phases
//
//  1. newSite builds a tree of nodes from a [wit.Model] (node.go, build.go). Each item that a
//     reader may look for is a node with an anchor.
//  2. newSite then writes the signatures as lists of tokens with links (signature.go) and records
//     the users of each type.
//  3. A renderer walks the tree (markdown.go, html.go). Documentation comments are untrusted
//     Markdown: comment.go renders them so that they cannot affect the rest of the page.
//
// The same model gives the same bytes.
package doc

import (
	"github.com/mortise-wasm/mortise/wit"
)

// Options configures the documentation. The zero value is the default.
type Options struct {
	// Title is the title of the page, or of the index. By default it is the name of the main package.
	Title string
	// NoDeps omits all packages except the main one. References to them are then not links.
	NoDeps bool
}

// File is one file of documentation that consists of several.
type File struct {
	// Name is the file name, without folders.
	Name string
	Data []byte
}

// Markdown returns the documentation of a model as one Markdown text: the main package, then the
// others by name.
func Markdown(m *wit.Model, opts Options) []byte { return newSite(m, opts).markdown() }

// MarkdownFiles returns the documentation of a model as Markdown: first README.md, which lists the
// packages, then one file for each package.
func MarkdownFiles(m *wit.Model, opts Options) []File { return newSite(m, opts).markdownFiles() }

// HTML returns the documentation of a model as one HTML page. The page contains its style and
// script and loads nothing. It is readable without the script, which adds the search.
func HTML(m *wit.Model, opts Options) []byte { return newSite(m, opts).html() }
