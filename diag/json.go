package diag

import (
	"bytes"
	"encoding/json"
	"io"
)

type jsonDiagnostic struct {
	Severity string      `json:"severity"`
	Code     Code        `json:"code,omitempty"`
	Message  string      `json:"message"`
	Span     *jsonSpan   `json:"span,omitempty"`
	Caption  string      `json:"caption,omitempty"`
	Labels   []jsonLabel `json:"labels,omitempty"`
	Item     []string    `json:"item,omitempty"`
	Notes    []string    `json:"notes,omitempty"`
	Help     []string    `json:"help,omitempty"`
	Edits    []jsonLabel `json:"edits,omitempty"`
}

type jsonLabel struct {
	Span *jsonSpan `json:"span,omitempty"`
	Text string    `json:"text"`
}

type jsonSpan struct {
	File      string `json:"file"`
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
}

// MarshalJSON returns d as the object that [RenderOptions] describes.
func (d *Diagnostic) MarshalJSON() ([]byte, error) {
	j := jsonDiagnostic{
		Severity: d.Severity.String(),
		Code:     d.Code,
		Message:  d.Message,
		Span:     newJSONSpan(d.Primary),
		Caption:  d.Caption,
		Item:     d.ItemPath,
		Notes:    d.Notes,
		Help:     d.Help,
	}
	for _, l := range d.Labels {
		j.Labels = append(j.Labels, jsonLabel{newJSONSpan(l.Span), l.Text})
	}
	for _, e := range d.Edits {
		j.Edits = append(j.Edits, jsonLabel{newJSONSpan(e.Span), e.New})
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(j); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func newJSONSpan(s Span) *jsonSpan {
	if !s.IsValid() {
		return nil
	}
	s = s.Shown()
	j := &jsonSpan{File: s.File.Name, Start: s.Start, End: s.End}
	if !s.File.Binary {
		from, to := s.File.Position(s.Start), s.File.Position(s.End)
		j.Line, j.Column, j.EndLine, j.EndColumn = from.Line, from.Column, to.Line, to.Column
	}
	return j
}

func renderJSON(w io.Writer, l List) error {
	var b bytes.Buffer
	for _, d := range l {
		line, err := d.MarshalJSON()
		if err != nil {
			return err
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	_, err := w.Write(b.Bytes())
	return err
}
