package encoding

import (
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/model/types"
)

// Import is an import of a component or, as a declaration, of a component type (Binary.md, "Import
// and Export Definitions").
type Import struct {
	Span
	Name ExternName
	Type ExternType
}

// ExternName is the name of an import or export including its attributes (Binary.md,
// "nameattributes").
type ExternName struct {
	Name string
	// Form is the leading byte: 0x00, 0x01, which means the same, or 0x02, which attributes require. A
	// name with attributes is always written with 0x02.
	Form byte
	// Attrs are the attributes in the order they are written.
	Attrs []Attr
}

// Plain returns name as an ExternName without attributes.
func Plain(name string) ExternName { return ExternName{Name: name} }

// NameOf returns the name of an item including its attributes.
func NameOf(x types.Item) ExternName {
	n := ExternName{Name: x.Name}
	if x.Implements != "" {
		n.Attrs = append(n.Attrs, Attr{AttrImplements, x.Implements})
	}
	if x.VersionSuffix != "" {
		n.Attrs = append(n.Attrs, Attr{AttrVersionSuffix, x.VersionSuffix})
	}
	if x.HasExternalID {
		n.Attrs = append(n.Attrs, Attr{AttrExternalID, x.ExternalID})
	}
	return n
}

// Attr is one attribute of a name.
type Attr struct {
	Kind  AttrKind
	Value string
}

// AttrKind is the kind of an attribute. The zero value is invalid.
type AttrKind uint8

// The kinds of attributes.
const (
	// AttrImplements is the name of the interface that an instance with a plain name implements.
	AttrImplements AttrKind = iota + 1
	// AttrVersionSuffix completes the canonical version of the name.
	AttrVersionSuffix
	// AttrExternalID is the name of the item outside the component model.
	AttrExternalID
)

var attrNames = [...]string{AttrImplements: "implements", AttrVersionSuffix: "versionsuffix", AttrExternalID: "external-id"}

// String returns the keyword of the text format.
func (k AttrKind) String() string {
	if k == 0 || int(k) >= len(attrNames) {
		return "attribute"
	}
	return attrNames[k]
}

// Attr returns the value of the first attribute of kind k and reports whether n has one.
func (n ExternName) Attr(k AttrKind) (string, bool) {
	for _, a := range n.Attrs {
		if a.Kind == k {
			return a.Value, true
		}
	}
	return "", false
}

// ExternType is the type of an import or export as written. It is one of [ExternCoreModule],
// [ExternFunc], [ExternValueEq], [ExternValue], [ExternTypeEq], [ExternSubResource],
// [ExternComponent] and [ExternInstance], all of which are comparable.
type ExternType interface {
	// Sort returns the sort of the imported or exported item.
	Sort() Sort
	isExternType()
}

// ExternCoreModule is a core module. Type is the index of its module type.
type ExternCoreModule struct{ Type CoreTypeIdx }

// ExternFunc is a function. Type is the index of its type.
type ExternFunc struct{ Type TypeIdx }

// ExternValueEq is a value equal to the value at index Value.
type ExternValueEq struct{ Value ValueIdx }

// ExternValue is a value of type Type.
type ExternValue struct{ Type ValType }

// ExternTypeEq is a type equal to the type at index Type.
type ExternTypeEq struct{ Type TypeIdx }

// ExternSubResource is a fresh resource type.
type ExternSubResource struct{}

// ExternComponent is a component. Type is the index of its type.
type ExternComponent struct{ Type TypeIdx }

// ExternInstance is an instance. Type is the index of its type.
type ExternInstance struct{ Type TypeIdx }

func (ExternCoreModule) Sort() Sort  { return SortCoreModule }
func (ExternFunc) Sort() Sort        { return SortFunc }
func (ExternValueEq) Sort() Sort     { return SortValue }
func (ExternValue) Sort() Sort       { return SortValue }
func (ExternTypeEq) Sort() Sort      { return SortType }
func (ExternSubResource) Sort() Sort { return SortType }
func (ExternComponent) Sort() Sort   { return SortComponent }
func (ExternInstance) Sort() Sort    { return SortInstance }

func (ExternCoreModule) isExternType()  {}
func (ExternFunc) isExternType()        {}
func (ExternValueEq) isExternType()     {}
func (ExternValue) isExternType()       {}
func (ExternTypeEq) isExternType()      {}
func (ExternSubResource) isExternType() {}
func (ExternComponent) isExternType()   {}
func (ExternInstance) isExternType()    {}

func readImport(r *raw.Reader) *Import {
	start := r.Pos()
	i := &Import{Name: readExternName(r)}
	i.Type = readExternType(r)
	i.Span = spanFrom(r, start)
	return i
}

func appendImport(w *raw.Writer, i *Import) {
	appendExternName(w, i.Name)
	appendExternType(w, i.Type)
}

// formAttrs is the leading byte of a name that may have attributes.
const formAttrs = 0x02

func readExternName(r *raw.Reader) ExternName {
	n := ExternName{Form: r.Byte()}
	if n.Form > formAttrs {
		r.BadByte(n.Form, "component name")
	}
	n.Name = r.Name()
	if n.Form == formAttrs {
		n.Attrs = raw.Vec(r, readAttr)
	}
	return n
}

func readAttr(r *raw.Reader) Attr {
	b := r.Byte()
	if b >= byte(AttrExternalID) {
		r.BadByte(b, "name option")
	}
	return Attr{Kind: AttrKind(b + 1), Value: r.Name()}
}

func appendExternName(w *raw.Writer, n ExternName) {
	form := n.Form
	if len(n.Attrs) > 0 {
		form = formAttrs
	}
	w.Byte(form)
	w.Name(n.Name)
	if form != formAttrs {
		return
	}
	appendVec(w, n.Attrs, func(w *raw.Writer, a Attr) {
		if a.Kind == 0 {
			panic("invalid kind of attribute")
		}
		w.Byte(byte(a.Kind) - 1)
		w.Name(a.Value)
	})
}

func readExternType(r *raw.Reader) ExternType {
	switch sort := readExternSort(r); sort {
	case SortCoreModule:
		return ExternCoreModule{raw.Index[CoreTypeIdx](r)}
	case SortFunc:
		return ExternFunc{raw.Index[TypeIdx](r)}
	case SortValue:
		switch b := r.Byte(); b {
		case 0x00:
			return ExternValueEq{raw.Index[ValueIdx](r)}
		case 0x01:
			return ExternValue{readValType(r)}
		default:
			r.BadByte(b, "value bound")
			return nil
		}
	case SortType:
		switch b := r.Byte(); b {
		case 0x00:
			return ExternTypeEq{raw.Index[TypeIdx](r)}
		case 0x01:
			return ExternSubResource{}
		default:
			r.BadByte(b, "type bound")
			return nil
		}
	case SortComponent:
		return ExternComponent{raw.Index[TypeIdx](r)}
	case SortInstance:
		return ExternInstance{raw.Index[TypeIdx](r)}
	default: // not read
		return nil
	}
}

func appendExternType(w *raw.Writer, t ExternType) {
	appendSort(w, t.Sort())
	switch t := t.(type) {
	case ExternCoreModule:
		appendIndex(w, t.Type)
	case ExternFunc:
		appendIndex(w, t.Type)
	case ExternValueEq:
		w.Byte(0x00)
		appendIndex(w, t.Value)
	case ExternValue:
		w.Byte(0x01)
		appendValType(w, t.Type)
	case ExternTypeEq:
		w.Byte(0x00)
		appendIndex(w, t.Type)
	case ExternSubResource:
		w.Byte(0x01)
	case ExternComponent:
		appendIndex(w, t.Type)
	case ExternInstance:
		appendIndex(w, t.Type)
	default:
		panic(unreachable(t))
	}
}
