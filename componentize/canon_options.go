package componentize

import (
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// needs are the canonical options that a definition must have.
type needs struct{ memory, realloc, strings, async bool }

// none reports whether nothing of the core module is needed.
func (n needs) none() bool { return n == needs{} }

// contents describes what values of some types contain: data in memory, and strings.
type contents struct{ memory, strings bool }

// contentsOf returns the contents of values of the types. Elements of streams do not count, because
// they are not passed with the value.
func contentsOf(list ...types.ValType) contents {
	var c contents
	var seen map[types.ValType]bool
	var visit func(t types.ValType)
	visit = func(t types.ValType) {
		t = types.UnnameVal(t)
		switch t := t.(type) {
		case nil, *types.Own, *types.Borrow, *types.Stream, *types.Future, *types.Flags, *types.Enum:
			return
		case types.Prim:
			c.strings = c.strings || t == types.String
			return
		case *types.List, *types.Map:
			c.memory = true
		}
		if seen[t] {
			return
		}
		if seen == nil {
			seen = map[types.ValType]bool{}
		}
		seen[t] = true
		for p := range types.Parts(t) {
			visit(p.(types.ValType))
		}
	}
	for _, t := range list {
		visit(t)
	}
	return c
}

// lifted adds the options for reading values from the memory of the core module.
func (n *needs) lifted(c contents) {
	n.memory = n.memory || c.memory || c.strings
	n.strings = n.strings || c.strings
}

// lowered adds the options for writing values to the memory of the core module.
func (n *needs) lowered(c contents) {
	n.lifted(c)
	n.realloc = n.realloc || c.memory || c.strings
}

func paramTypes(f *wit.Func) []types.ValType {
	list := make([]types.ValType, len(f.Params))
	for i, p := range f.Params {
		list[i] = p.Type
	}
	return list
}

// needsOfImport returns the needs of `canon lower` for a function.
func needsOfImport(f *wit.Func, v variant) needs { return needsOfLower(f, v, signatureOf(f, v)) }

// needsOfLower is like needsOfImport for a function whose signature is known.
func needsOfLower(f *wit.Func, v variant, s signature) needs {
	n := needs{async: v == importAsync}
	n.lifted(contentsOf(paramTypes(f)...))
	n.lowered(contentsOf(f.Result))
	n.memory = n.memory || s.paramsInMemory || s.resultInMemory
	return n
}

// needsOfExport returns the needs of `canon lift` for a function.
func (p *program) needsOfExport(f *wit.Func, v variant) needs {
	s := p.signature(f, v)
	n := needs{async: v.async()}
	n.lowered(contentsOf(paramTypes(f)...))
	n.lifted(contentsOf(f.Result))
	n.memory = n.memory || s.paramsInMemory || s.resultInMemory
	n.realloc = n.realloc || s.paramsInMemory
	if n.async {
		r := needsOfTaskReturn(f)
		n.memory, n.strings = n.memory || r.memory, n.strings || r.strings
	}
	return n
}

// needsOfTaskReturn returns the needs of `canon task.return` for the result of a function.
func needsOfTaskReturn(f *wit.Func) needs {
	n := needsOfImport(f, importSync)
	n.realloc = false // the built-in has no such option
	return n
}

// options returns the canonical options in order. The memory or realloc is nil if the core module
// has none, which is an error if it is needed.
func (n needs) options(strings abi.StringEncoding, memory *encoding.CoreMemoryIdx, realloc *encoding.CoreFuncIdx) ([]encoding.CanonOpt, error) {
	var list []encoding.CanonOpt
	if n.memory {
		if memory == nil {
			return nil, errNoMemory
		}
		list = append(list, encoding.MemoryOpt(*memory))
	}
	if n.realloc {
		if realloc == nil {
			return nil, errNoRealloc
		}
		list = append(list, encoding.ReallocOpt(*realloc))
	}
	if n.strings {
		if strings == 0 {
			strings = abi.UTF8
		}
		list = append(list, encoding.StringsOpt(strings))
	}
	if n.async {
		list = append(list, encoding.CanonOpt{Kind: encoding.OptAsync})
	}
	return list, nil
}
