// Package doc writes reference documentation of WIT packages: [Markdown] and [MarkdownFiles] as Markdown, [HTML] as one page that needs
// nothing else.
//
// # Phases
//
//  1. newSite makes a tree of nodes from a [wit.Model] (node.go, build.go): each thing that a reader may look for is a node with an
//     anchor.
//  2. It then writes their signatures as lists of tokens (signature.go) that know what they link to, and notes at each type who uses it.
//  3. A renderer walks the tree (markdown.go, html.go). Documentation comments are Markdown by whoever wrote them: comment.go renders
//     them such that they cannot do more than be read.
//
// The same model gives the same bytes.
package doc

import (
	"github.com/mortise-wasm/mortise/wit"
)

// Options say what is documented. The zero value is the default.
type Options struct {
	// Title is the title of the page, or of the index. By default it is the name of the main package.
	Title string
	// NoDeps leaves out all packages but the main one. What refers to them is no link then.
	NoDeps bool
}

// File is a file of documentation that has several.
type File struct {
	// Name is its name, without folders.
	Name string
	Data []byte
}

// Markdown returns the documentation of a model as one Markdown text: the main package, then the others by name.
func Markdown(m *wit.Model, opts Options) []byte { return newSite(m, opts).markdown() }

// MarkdownFiles returns the documentation of a model as Markdown with a file for each package, and README.md, which lists them and comes
// first.
func MarkdownFiles(m *wit.Model, opts Options) []File { return newSite(m, opts).markdownFiles() }

// HTML returns the documentation of a model as one page of HTML: style and script are in it, and it loads nothing. It can be read without
// the script, which adds the search.
func HTML(m *wit.Model, opts Options) []byte { return newSite(m, opts).html() }
