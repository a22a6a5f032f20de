package scope

import (
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/wit"
)

// TypeName returns the name under which a type is imported and exported.
func TypeName(d *wit.TypeDef) encoding.ExternName {
	return Name(d.Name, "", d.ExternalID, d.HasExternalID)
}

// FuncName returns the name under which a function is imported and exported.
func FuncName(f *wit.Func) encoding.ExternName {
	return Name(f.Name, "", f.ExternalID, f.HasExternalID)
}

// Name returns the name n with the attributes of an item of a world: the interface that it
// implements, unless "", and its external ID, if it has one.
func Name(n, implements, id string, hasID bool) encoding.ExternName {
	x := encoding.ExternName{Name: n}
	if implements != "" {
		x.Attrs = append(x.Attrs, encoding.Attr{Kind: encoding.AttrImplements, Value: implements})
	}
	if hasID {
		x.Attrs = append(x.Attrs, encoding.Attr{Kind: encoding.AttrExternalID, Value: id})
	}
	return x
}
