package lsp

import (
	"fmt"
	"path"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// key returns the key of a document: its path, or its URI if it is not a file.
func key(u uri.URI) string {
	if p, ok := pathOf(u); ok {
		return p
	}
	return u.String()
}

// uri returns the URI of a file. For an open file it is the URI that the client uses.
func (s *server) uri(p string) uri.URI {
	switch d := s.docs[p]; {
	case d != nil:
		return d.uri
	case !strings.HasPrefix(p, "/"):
		return uri.URI(p)
	}
	return uriOf(p)
}

func (s *server) didOpen(p *protocol.DidOpenTextDocumentParams) {
	t := p.TextDocument
	s.docs[key(t.URI)] = &document{uri: t.URI, version: t.Version, text: newText([]byte(t.Text))}
	s.changed(key(t.URI))
}

func (s *server) didChange(p *protocol.DidChangeTextDocumentParams) {
	k := key(p.TextDocument.URI)
	d := s.docs[k]
	if d == nil {
		return
	}
	n := &document{uri: d.uri, version: p.TextDocument.Version, text: d.text}
	for _, c := range p.ContentChanges {
		n.text = n.text.change(c, s.enc)
	}
	s.docs[k] = n
	s.changed(k)
}

func (s *server) didClose(p *protocol.DidCloseTextDocumentParams) {
	k := key(p.TextDocument.URI)
	delete(s.docs, k)
	s.changed(k)
}

func (s *server) didSave(p *protocol.DidSaveTextDocumentParams) { s.changed(key(p.TextDocument.URI)) }

func (s *server) didChangeWatchedFiles(p *protocol.DidChangeWatchedFilesParams) {
	for _, c := range p.Changes {
		s.changed(key(c.URI))
	}
}

// changed drops the packages that a file may be part of.
func (s *server) changed(p string) {
	s.stale = true
	clear(s.roots)
	for k, pack := range s.packs {
		if _, ok := below(pack.root, p); ok || k == p {
			delete(s.packs, k)
		}
	}
}

// open returns the package and the tree of an open document.
func (s *server) open(u uri.URI) (*pack, *tree, error) {
	p := key(u)
	if s.docs[p] == nil {
		return nil, nil, fmt.Errorf("%w: %s is not open", jsonrpc2.ErrInvalidParams, path.Base(p))
	}
	k := s.pack(p)
	t := k.tree(p)
	if t == nil {
		return nil, nil, fmt.Errorf("%w: %s is not part of a WIT package", jsonrpc2.ErrInvalidParams, path.Base(p))
	}
	return k, t, nil
}

// named returns the name at a position of an open document. ok is false if there is none.
func (s *server) named(p protocol.TextDocumentPositionParams) (k *pack, t *tree, n name, ok bool, err error) {
	if k, t, err = s.open(p.TextDocument.URI); err != nil {
		return nil, nil, name{}, false, err
	}
	n, ok = t.at(t.text.offset(p.Position, s.enc))
	return k, t, n, ok, nil
}

func (s *server) rng(t *tree, n name) protocol.Range {
	return t.text.rng(int(n.Start), int(n.End), s.enc)
}

func (s *server) location(t *tree, n name) protocol.Location {
	return protocol.Location{URI: s.uri(t.path), Range: s.rng(t, n)}
}
