package componentize

import (
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// variant is one of the ways in which a core module imports or exports a function. The zero value
// is invalid.
type variant uint8

const (
	importSync variant = iota + 1
	importAsync
	exportSync
	exportCallback // asynchronous, with a callback that receives events
	exportStackful // asynchronous, with a stack of its own
)

func (v variant) async() bool { return v == importAsync || v == exportCallback || v == exportStackful }

// options returns the canonical options that the variant implies.
func (v variant) options() (abi.Options, abi.Context) {
	o := abi.Options{Async: v.async(), Callback: v == exportCallback}
	if v == importSync || v == importAsync {
		return o, abi.Lower
	}
	return o, abi.Lift
}

// signature is the type of a core function, with a note of the values that are passed in memory.
type signature struct {
	core.FuncType
	// paramsInMemory and resultInMemory are set if a pointer takes the place of the parameters or the
	// result.
	paramsInMemory, resultInMemory bool
}

// signatureOf returns the type of the core function for a function of a world.
func signatureOf(f *wit.Func, v variant) signature {
	o, c := v.options()
	t := abi.Flatten(f.Type(), o, c)
	return signature{
		FuncType: coreFunc(t.Type), paramsInMemory: t.ParamsInMemory,
		// These functions pass their results to task.return.
		resultInMemory: t.ResultInMemory && v != exportCallback && v != exportStackful,
	}
}

// taskReturnType returns the type of the core function that takes the result of an asynchronous
// function.
func taskReturnType(f *wit.Func) core.FuncType {
	return coreFunc(abi.FlattenTaskReturn(f.Result, abi.Ptr32))
}

// coreFunc converts a function type whose values are numbers to the form in which it is encoded.
func coreFunc(t *types.CoreFunc) core.FuncType {
	return core.FuncType{Params: coreVals(t.Params), Results: coreVals(t.Results)}
}

func coreVals(list []types.CoreVal) []core.ValType {
	out := make([]core.ValType, len(list))
	for i, v := range list {
		out[i] = core.ValType{Kind: v.Kind}
	}
	return out
}

// maxStreams limits the list of streams. Types that share elements can list a stream exponentially
// often, and nobody refers to the millionth.
const maxStreams = 1 << 16

// streams returns the stream and future types in the parameters and the result of a function. An
// inner type comes before the type that contains it. Core modules refer to the types by their
// position in this list.
func streams(f *wit.Func) []types.ValType {
	var list []types.ValType
	without := map[types.ValType]bool{}
	var visit func(t types.ValType)
	visit = func(t types.ValType) {
		of := types.UnnameVal(t)
		if of == nil || without[of] || len(list) >= maxStreams {
			return
		}
		before := len(list)
		switch of := of.(type) {
		case *types.Own, *types.Borrow:
		case *types.Stream:
			visit(of.Elem)
			list = append(list, unalias(t))
		case *types.Future:
			visit(of.Elem)
			list = append(list, unalias(t))
		default:
			for p := range types.Parts(of) {
				visit(p.(types.ValType))
			}
		}
		if len(list) == before {
			without[of] = true
		}
	}
	for _, p := range f.Params {
		visit(p.Type)
	}
	visit(f.Result)
	return list
}

// unalias removes names that only stand for another named type. The result is the definition of a
// stream.
func unalias(t types.ValType) types.ValType {
	for {
		n, ok := t.(*types.Named)
		if !ok {
			return t
		}
		inner, ok := n.Of.(*types.Named)
		if !ok {
			return t
		}
		t = inner
	}
}
