package encoding

import (
	"fmt"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
)

// CutOff finds only sections that exist and claim more bytes than the file has.
func TestCutOffBounds(t *testing.T) {
	last := byte(numSections - 1)
	for _, r := range []struct {
		name, head string
		section    []byte
		want       bool
	}{
		{"as long as it says", "00 'asm' 0d 00 01 00", []byte{last, 2, 0, 0}, false},
		{"one byte short", "00 'asm' 0d 00 01 00", []byte{last, 2, 0}, true},
		{"no contents", "00 'asm' 0d 00 01 00", []byte{last, 1}, true},
		{"no size", "00 'asm' 0d 00 01 00", []byte{last}, false},
		{"no section", "00 'asm' 0d 00 01 00", nil, false},
		{"unknown section", "00 'asm' 0d 00 01 00", []byte{last + 1, 2, 0}, false},
		{"after another", "00 'asm' 0d 00 01 00", []byte{last, 1, 0, last, 1}, true},
		{"tag section of a module", "00 'asm' 01 00 00 00", []byte{13, 2, 0}, true},
		{"unknown section of a module", "00 'asm' 01 00 00 00", []byte{14, 2, 0}, false},
		{"no whole preamble", "00 'asm'", nil, false},
	} {
		data := append(bytesOf(r.head), r.section...)
		s, promised, got := CutOff(diag.NewBinary("f", data))
		if got != r.want {
			t.Errorf("%s: %v, want %v", r.name, got, r.want)
		}
		if got && (s.End != len(data) || s.Kind == "" || int(promised) <= s.Contents.End-s.Contents.Start) {
			t.Errorf("%s: %+v, %d promised", r.name, s, promised)
		}
	}
}

// Values outside an enumeration print as numbers.
func TestUnknownNumbers(t *testing.T) {
	for got, want := range map[string]string{
		Sort(0).String():                      "Sort(0)",
		Sort(numSorts).String():               fmt.Sprintf("Sort(%d)", numSorts),
		CanonOptKind(0).String():              "CanonOptKind(0)",
		CanonOptKind(len(canonOpts)).String(): fmt.Sprintf("CanonOptKind(%d)", len(canonOpts)),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if CanonOptKind(len(canonOpts)).HasIndex() {
		t.Error("an unknown option has an index")
	}
	if Sort(numSorts).Core() {
		t.Error("an unknown sort is a core sort")
	}
}

// A start function may have a thousand results.
func TestStartResults(t *testing.T) {
	for data, want := range map[string]bool{`09 { 00 00 e8 07 }`: true, `09 { 00 00 e9 07 }`: false} {
		if _, err := decode(component(data)); (err == nil) != want {
			t.Errorf("%s: %v", data, err)
		}
	}
}

// The last section ids of components and modules are valid. The ids after them are not.
func TestLastSections(t *testing.T) {
	for _, r := range []struct {
		head string
		last byte
		kind string
	}{{"00 'asm' 0d 00 01 00", byte(numSections) - 1, "value"}, {"00 'asm' 01 00 00 00", 13, "tag"}} {
		for id, want := range map[byte]bool{r.last: true, r.last + 1: false} {
			data := append(bytesOf(r.head), id, 1, 0)
			for s, err := range Sections(diag.NewBinary("f", data), Span{End: len(data)}) {
				if (err == nil) != want || err == nil && s.Kind != r.kind {
					t.Errorf("section %d: %q, %v", id, s.Kind, err)
				}
			}
		}
	}
}
