package core

import "github.com/mortise-wasm/mortise/encoding/internal/raw"

// Names is what a module's name section says that tools show: the names of the module and of its functions.
type Names struct {
	Module string
	// Funcs are in the order of the section, which should be that of the indices.
	Funcs []FuncName
}

// FuncName is the name of one function.
type FuncName struct {
	Index FuncIdx
	Name  string
}

// The subsections of the name section that Names reads.
const (
	nameModule = 0
	nameFunc   = 1
)

// Names reads the first name section. It is lenient, since the section is for people only: what cannot be read is left out.
func (m *Module) Names() Names {
	var n Names
	payload, ok := m.Custom("name")
	if !ok {
		return n
	}
	r := raw.NewReader(payload, 0, len(payload))
	for r.Len() > 0 {
		id := r.Byte()
		sub := r.Sub(r.U32())
		switch id {
		case nameModule:
			n.Module = sub.Name()
		case nameFunc:
			for range sub.Count() {
				f := FuncName{Index: readIndex[FuncIdx](sub), Name: sub.Name()}
				if !sub.OK() {
					break
				}
				n.Funcs = append(n.Funcs, f)
			}
		}
	}
	return n
}

// TargetFeature is one entry of a target_features section (tool conventions, "Target Features Section"). Prefix is '+' for a feature that
// is used, '-' for one that must not be, '=' for one that is required.
type TargetFeature struct {
	Prefix byte
	Name   string
}

// TargetFeatures reads the first target_features section, leniently as [Module.Names] does. It returns nil without one.
func (m *Module) TargetFeatures() []TargetFeature {
	payload, ok := m.Custom("target_features")
	if !ok {
		return nil
	}
	r := raw.NewReader(payload, 0, len(payload))
	var list []TargetFeature
	for range r.Count() {
		f := TargetFeature{Prefix: r.Byte(), Name: r.Name()}
		if !r.OK() {
			break
		}
		list = append(list, f)
	}
	return list
}
